package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.disk.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What somebody logs in with: HTTP Basic, RFC 7617.
 *
 * @param password read anew each time, so that a changed one needs no restart
 */
public record BasicLogin(String username, SecretFile password) {

  /**
   * The header {@code Authorization}, for example {@code Basic dTpw}.
   *
   * @throws IOException the password cannot be read; says what to do
   */
  public String header() throws IOException {
    String login = username + ":" + password.read();
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }
}
