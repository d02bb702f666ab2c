package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;

/** Where the line to a device begins; its text names it for people. */
interface Port {

  /**
   * Opens the line.
   *
   * @throws IOException it cannot be opened now; says what is wrong, and what to do
   */
  Line open(MonotonicClock clock) throws IOException, InterruptedException;
}
