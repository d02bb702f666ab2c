package io.github.childconnector.adapter.drogue;

import io.github.childconnector.disk.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a device logs in with: HTTP Basic.
 *
 * @param password read anew each time, so that a changed one needs no restart
 */
record Login(String username, SecretFile password) {

  /** The header {@code Authorization} of this device, for example {@code Basic dTpw}. */
  String header() throws IOException {
    String login = username + ":" + password.read();
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }
}
