package io.github.childconnector.adapter.sming;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The {@code ota.key} of Sming's otatool: 64 random bytes as 128 hexadecimal digits. The first half
 * is the seed of the signing key, the second the key of the encryption.
 */
final class OtaKey {
  private static final int HALF = 32;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]{128}");

  /** Room for white space; whatever is longer is another file. */
  private static final int LARGEST_FILE = 256;

  private final byte[] seed;
  private final byte[] streamKey;

  private OtaKey(byte[] bytes) {
    this.seed = Arrays.copyOf(bytes, HALF);
    this.streamKey = Arrays.copyOfRange(bytes, HALF, 2 * HALF);
  }

  /** Reads it anew for each update, so that a new key needs no restart. */
  static OtaKey read(Path file) throws UpdateException {
    String digits = text(file);
    if (!DIGITS.matcher(digits).matches()) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The key file %s does not hold 128 hexadecimal digits: give the ota.key that otatool has made."
              .formatted(file));
    }
    return new OtaKey(HexFormat.of().parseHex(digits));
  }

  private static String text(Path file) throws UpdateException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LARGEST_FILE), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The key file %s cannot be read: create it, or let the connector's user read it."
              .formatted(file),
          e);
    }
  }

  /** The Ed25519ph signature of a message with an empty context, 64 bytes. */
  byte[] sign(byte[] message) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      Signature signature = Signature.getInstance("Ed25519");
      signature.setParameter(new EdDSAParameterSpec(true));
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java from 15 on has it
    }
  }

  /** Whether a signature was made by this key; the same message has the same signature always. */
  boolean hasSigned(byte[] message, byte[] signature) {
    return MessageDigest.isEqual(sign(message), signature);
  }

  /** The key for {@link SecretStream}. */
  byte[] streamKey() {
    return streamKey.clone();
  }
}
