package io.github.childconnector.image;

import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;

/** A disk of this machine with as much room, and as broken, as a test says. */
final class ScriptedDisk extends ForwardingDisk {
  private volatile long free = Long.MAX_VALUE / 2;
  private volatile boolean filling;
  private volatile String fault = "";

  /** From now on, so many bytes are free, and each one that is written takes one of them. */
  void free(long bytes) {
    free = bytes;
    filling = true;
  }

  /** From now on, writing fails with this message. */
  void failWrites(String message) {
    fault = message;
  }

  @Override
  public Output create(Path file) throws IOException {
    return output(super.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return output(super.append(file));
  }

  private Output output(Output output) {
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        if (!fault.isEmpty()) {
          throw new IOException(fault);
        }
        output.write(bytes, length);
        take(length);
      }

      @Override
      public void force() throws IOException {
        output.force();
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  private synchronized void take(int bytes) {
    if (filling) {
      free -= bytes;
    }
  }

  @Override
  public long usableSpace(Path directory) {
    return free;
  }
}
