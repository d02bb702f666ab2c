package io.github.childconnector.adapter.httpupload;

import java.net.URI;
import java.util.Optional;

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
