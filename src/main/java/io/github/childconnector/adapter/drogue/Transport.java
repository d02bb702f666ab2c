package io.github.childconnector.adapter.drogue;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A way on which statuses come and commands go. */
interface Transport extends Closeable {

  /**
   * Begins to take statuses; called once.
   *
   * @throws IOException it cannot; says what is wrong, and what to do
   */
  void open() throws IOException;

  /** Tells which devices are served from now on, by the names they have on this way. */
  default void serve(Set<String> devices) {}

  /** Why no device can be heard at the moment, as far as that is known. */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /** Takes no more statuses. */
  @Override
  void close();
}
