package io.github.childconnector.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file whose first line is a password; further lines do not count. */
final class PasswordFile {
  private PasswordFile() {}

  /**
   * The password, as the broker wants it.
   *
   * @param key where the file is configured, for a sentence
   */
  static byte[] read(Path file, String key) throws LinkException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String password = lines.readLine();
      if (password == null || password.isEmpty()) {
        throw new LinkException(
            "the password file " + file + " is empty: write the password into its first line");
      }
      return password.getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new LinkException(
          "there is no password file " + file + ": create it, or correct " + key);
    } catch (AccessDeniedException e) {
      throw new LinkException(
          "the password file " + file + " may not be read: check its owner and mode");
    } catch (IOException e) {
      throw new LinkException(
          "the password file %s cannot be read (%s): it must be UTF-8 text".formatted(file, e));
    }
  }
}
