package io.github.childconnector.disk;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
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
public final class FlushingOutput implements Disk.Output {
  private static final long INTERVAL = 16L << 20;

  private final Disk.Output output;
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private CompletableFuture<Void> flush = CompletableFuture.completedFuture(null);
  private long waiting;

  /** Writes to this one. */
  public FlushingOutput(Disk.Output output) {
    this.output = output;
  }

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    throwFailure();
    output.write(bytes, length);
    waiting += length;
    if (waiting >= INTERVAL && flush.isDone()) {
      waiting = 0;
      flush = CompletableFuture.runAsync(this::flush, work -> new Thread(work, "flush").start());
    }
  }

  private void flush() {
    try {
      output.force();
    } catch (IOException e) {
      failure.set(e);
    }
  }

  private void throwFailure() throws IOException {
    IOException earlier = failure.get();
    if (earlier != null) {
      throw new IOException(earlier.getMessage(), earlier);
    }
  }

  @Override
  public void force() throws IOException {
    flush.join();
    throwFailure();
    output.force();
  }

  @Override
  public void close() throws IOException {
    flush.join();
    output.close();
    throwFailure();
  }
}
