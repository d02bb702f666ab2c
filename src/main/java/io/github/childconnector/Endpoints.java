package io.github.childconnector;

import io.github.childconnector.adapter.Endpoint;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/** What the adapters of some children keep open: all of it, or nothing. */
final class Endpoints {
  static final Endpoints NONE = new Endpoints();

  private final Deque<Endpoint> lastFirst = new ArrayDeque<>();

  private Endpoints() {}

  /**
   * Opens those of these children.
   *
   * @throws IOException one cannot be opened; the others are closed again
   */
  static Endpoints open(Collection<Child> children) throws IOException {
    Endpoints endpoints = new Endpoints();
    try {
      for (Child child : children) {
        endpoints.open(child);
      }
      return endpoints;
    } catch (IOException | RuntimeException e) {
      endpoints.close();
      throw e;
    }
  }

  private void open(Child child) throws IOException {
    Optional<Endpoint> endpoint = child.adapter().endpoint();
    if (endpoint.isPresent()) {
      endpoint.get().open();
      lastFirst.push(endpoint.get());
    }
  }

  void close() {
    while (!lastFirst.isEmpty()) {
      lastFirst.pop().close();
    }
  }
}
