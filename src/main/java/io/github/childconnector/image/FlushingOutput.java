package io.github.childconnector.image;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.disk.Disk;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Forces a large file out while more of it is written, in a thread of its own, so that the last
 * {@link #force} has little left to do, and the memory of a small machine does not fill with what
 * waits for the disk.
 *
 * <p>What fails meanwhile is thrown by whatever is called next, and again by all that follows:
 * asked again, the operating system might no longer tell.
 */
final class FlushingOutput implements Disk.Output {
  private static final long INTERVAL = 16L << 20;

  /** The time between two looks at a flush; only its end ends the wait for it. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Disk.Output output;
  private final Threads threads;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private Threads.Worker flush;
  private long waiting;

  /** Writes to this one. */
  FlushingOutput(Disk.Output output, Threads threads) {
    this.output = output;
    this.threads = threads;
    this.flush = thread();
  }

  private Threads.Worker thread() {
    return threads.thread("flush", this::flush);
  }

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    throwFailure();
    output.write(bytes, length);
    waiting += length;
    if (waiting >= INTERVAL && !flush.isAlive()) {
      waiting = 0;
      flush = thread();
      flush.start();
    }
  }

  private void flush() {
    try {
      output.force();
    } catch (IOException | RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void throwFailure() throws IOException {
    Throwable earlier = failure.get();
    if (earlier != null) {
      boolean isTheDisk = earlier instanceof IOException;
      throw new IOException(isTheDisk ? earlier.getMessage() : earlier.toString(), earlier);
    }
  }

  @Override
  public void force() throws IOException {
    awaitFlush();
    throwFailure();
    output.force();
  }

  @Override
  public void close() throws IOException {
    awaitFlush();
    output.close();
    throwFailure();
  }

  /** Waits also in a thread that was interrupted, which it is again afterwards. */
  private void awaitFlush() {
    boolean interrupted = false;
    while (flush.isAlive()) {
      try {
        flush.join(LOOK);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
