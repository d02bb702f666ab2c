package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Finds frames of 1024 bytes on a line that has no marks between them. What a device says stands
 * between two silences. Normally that is one frame, known as soon as it is complete. If more comes
 * in one go, the last 1024 bytes are the newest frame, and what was before is noise or outdated; if
 * less, something was lost.
 */
final class FrameReader {
  static final int LENGTH = 1024;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final InputStream in;
  private final Duration silence;
  private final MonotonicClock clock;
  private final byte[] latest = new byte[LENGTH];
  private int kept;
  private long received;

  /**
   * @param silence how long nothing comes after a frame, and never within one
   */
  FrameReader(InputStream in, Duration silence, MonotonicClock clock) {
    this.in = in;
    this.silence = silence;
    this.clock = clock;
  }

  /**
   * The next 1024 bytes that may be a frame; waits for as long as nothing comes. Whoever finds that
   * it is one says so by {@link #accept}.
   *
   * @throws FormatException something came that cannot be one
   */
  byte[] next() throws IOException, FormatException, InterruptedException {
    while (true) {
      if (received > 0 && isSilent()) {
        long heard = received;
        accept();
        if (heard > LENGTH) {
          return candidate();
        }
        if (heard < LENGTH) {
          throw new FormatException(heard + " bytes came instead of " + LENGTH);
        }
      } else {
        receive();
        if (received == LENGTH && !hasCome()) {
          return candidate();
        }
      }
    }
  }

  private byte[] candidate() throws FormatException {
    // A line that only gives zeros would else be a device that runs an empty version.
    if (latest[0] == 0) {
      throw new FormatException("zeros came, which are no status");
    }
    return latest.clone();
  }

  /** Drops what came so far: it has been a frame, or is not wanted. */
  void accept() {
    kept = 0;
    received = 0;
  }

  /** Whether something has come after the last frame. */
  boolean hasCome() throws IOException {
    return in.available() > 0;
  }

  private boolean isSilent() throws IOException, InterruptedException {
    Deadline end = Deadline.after(silence, clock);
    while (!hasCome() && !end.expired()) {
      clock.sleep(PAUSE);
    }
    return !hasCome();
  }

  private void receive() throws IOException {
    byte[] chunk = new byte[received < LENGTH ? LENGTH - (int) received : LENGTH];
    int length = in.read(chunk);
    if (length < 0) {
      throw new EOFException("it was closed at the other end, or unplugged");
    }
    int older = Math.min(kept, LENGTH - length);
    System.arraycopy(latest, kept - older, latest, 0, older);
    System.arraycopy(chunk, 0, latest, older, length);
    kept = older + length;
    received += length;
  }
}
