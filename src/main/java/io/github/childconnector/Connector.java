package io.github.childconnector;

import java.nio.file.Path;

/** The daemon, which is not put together yet. */
final class Connector {
  private Connector() {}

  /** Runs until it is told to stop, and returns an exit code. */
  @SuppressWarnings("DoNotCallSuggester")
  static int main(Path config) {
    throw new UnsupportedOperationException("there is no daemon yet to read " + config);
  }
}
