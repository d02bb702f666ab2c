package io.github.childconnector.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The labelled blocks of a PEM file; what stands between them is ignored, as OpenSSL does.
 *
 * <pre>
 * subject=CN = gateway
 * -----BEGIN CERTIFICATE-----
 * MIIBtjCCAVugAwIBAgITBmyf1XSXNmY/Owua2eiedgPySjAKBggqhkjOPQQDAjA5
 * -----END CERTIFICATE-----
 * </pre>
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private Pem() {}

  /** The text between one BEGIN and its END. */
  record Block(String label, String base64) {

    /** No bytes for damaged base64, which the parser of the certificate or the key refuses. */
    byte[] bytes() {
      try {
        return Base64.getMimeDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        return new byte[0];
      }
    }
  }

  /** The blocks of a file, in their order; none for a file that is not PEM. */
  static List<Block> read(Path file) throws IOException {
    return BLOCK
        .matcher(text(file))
        .results()
        .map(found -> new Block(found.group(1), found.group(2)))
        .toList();
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException("cannot read " + file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "cannot read " + file + ": this user may not; check its owner and mode", e);
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
