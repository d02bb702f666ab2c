package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** The place where the line to a device begins; its text names it for people. */
interface Port {

  /**
   * Opens the line.
   *
   * @throws IOException it cannot be opened now; says what is wrong, and what to do
   */
  Line open(MonotonicClock clock) throws IOException, InterruptedException;

  /** An open line to a device, on which bytes come and go. */
  interface Line extends Closeable {

    /** The bytes that come; its {@code available} tells truly whether something has come. */
    InputStream in();

    /** Sends all of it in one piece. */
    void write(byte[] frame) throws IOException;

    /** Closes it, and so ends what another thread reads or writes. Closing again has no effect. */
    @Override
    void close();
  }
}
