package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.Authorization.FixedAuthorization;
import io.github.childconnector.disk.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The name and secret with which we log in; secrets are read from their file when they are needed.
 */
record Credentials(Scheme scheme, String username, Optional<SecretFile> secret) {

  /** The ways to say it. */
  enum Scheme {
    NONE,
    BASIC,
    DIGEST,
    BEARER
  }

  /** Makes the authorization for the requests of one call. */
  Authorization authorization() throws IOException {
    String word = secret.isPresent() ? secret.get().read() : "";
    return switch (scheme) {
      case NONE -> new FixedAuthorization(Optional.empty());
      case BASIC -> new FixedAuthorization(Optional.of("Basic " + base64(username + ":" + word)));
      case BEARER -> new FixedAuthorization(Optional.of("Bearer " + word));
      case DIGEST -> new DigestAuthorization(username, word, DigestAuthorization::randomNonce);
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
