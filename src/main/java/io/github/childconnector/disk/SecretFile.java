package io.github.childconnector.disk;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file whose first line is a password or token; further lines are ignored, and so is the byte
 * order mark that Windows puts before it.
 *
 * @param path where it lies
 */
public record SecretFile(Path path) {

  /**
   * The secret, read anew.
   *
   * @throws IOException there is none; says what to do, and never holds a secret
   */
  public String read() throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      String secret = Optional.ofNullable(lines.readLine()).orElse("").replaceFirst("^\ufeff", "");
      if (secret.isEmpty()) {
        throw new IOException(
            "the file " + path + " is empty: write the password or token into its first line");
      }
      return secret;
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + path + ": create it, or correct its name", e);
    } catch (AccessDeniedException e) {
      throw new IOException("the file " + path + " may not be read: check its owner and mode", e);
    } catch (CharacterCodingException e) {
      throw new IOException("the file " + path + " is no UTF-8 text: write it anew", e);
    }
  }
}
