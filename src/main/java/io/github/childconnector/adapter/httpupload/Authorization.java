package io.github.childconnector.adapter.httpupload;

import java.net.URI;
import java.util.Optional;

/** Proves to the device who we are, in the requests of one call. */
interface Authorization {

  /** The header for a request; empty if there is none, or not yet. */
  Optional<String> header(String method, URI target);

  /** Whether the device has to be asked for a challenge first. */
  boolean needsChallenge();

  /** Takes a refusal's challenge; whether the same request may be accepted now. */
  boolean learn(Reply refusal);

  /** The same header in every request, or none. */
  record FixedAuthorization(Optional<String> header) implements Authorization {

    @Override
    public Optional<String> header(String method, URI target) {
      return header;
    }

    @Override
    public boolean needsChallenge() {
      return false;
    }

    @Override
    public boolean learn(Reply refusal) {
      return false;
    }

    @Override
    public String toString() {
      return "authorization";
    }
  }
}
