package io.github.childconnector.adapter.drogue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * What a device logs in with: HTTP Basic.
 *
 * @param passwordFile the file whose first line is the password
 */
record Login(String username, Path passwordFile) {

  /** The header {@code Authorization} of this device, for example {@code Basic dTpw}. */
  String header() throws IOException {
    String login = username + ":" + password();
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private String password() throws IOException {
    return Files.readString(passwordFile)
        .lines()
        .findFirst()
        .filter(line -> !line.isEmpty())
        .orElseThrow(
            () ->
                new IOException(
                    passwordFile + " is empty: write the password into its first line"));
  }
}
