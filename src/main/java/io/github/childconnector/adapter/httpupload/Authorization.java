package io.github.childconnector.adapter.httpupload;

import java.net.URI;
import java.util.Optional;

/** Proves to the device who we are, in the requests of one call. */
interface Authorization {

  /** The header for a request; empty if there is none, or not yet. */
  Optional<String> header(String method, URI target);

  /** Whether the device has to be asked for a challenge first. */
  default boolean needsChallenge() {
    return false;
  }

  /** Takes a refusal's challenge; whether the same request may be accepted now. */
  default boolean learn(Reply refusal) {
    return false;
  }
}
