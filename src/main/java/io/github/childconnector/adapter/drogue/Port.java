package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The place where the line to a device begins; its text names it for people. */
interface Port {

  /**
   * Opens the line.
   *
   * @throws IOException it cannot be opened now; says what is wrong, and what to do
   */
  Line open(MonotonicClock clock) throws IOException, InterruptedException;

  /**
   * An open line to a device, on which bytes come and go.
   *
   * @param in the bytes that come; its {@code available} tells truly whether something has come
   * @param out takes a frame in one piece
   * @param end ends what another thread reads or writes
   */
  record Line(InputStream in, OutputStream out, Closeable end) implements Closeable {
    /** Closing again has no effect. */
    @Override
    public void close() {
      try {
        end.close();
      } catch (IOException e) {
        // There is nothing to be saved on a line that is given up.
      }
    }
  }
}
