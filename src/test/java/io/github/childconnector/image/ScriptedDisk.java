package io.github.childconnector.image;

import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;

/** A disk of this machine with as much room, and as broken, as a test says. */
final class ScriptedDisk extends ForwardingDisk {
  private volatile long free = Long.MAX_VALUE / 2;
  private volatile boolean filling;
  private volatile String fault = "";

  /** From now on, this number of bytes is free, and each one that is written takes one of them. */
  void free(long bytes) {
    free = bytes;
    filling = true;
  }

  /** From now on, writing fails with this message. */
  void failWrites(String message) {
    fault = message;
  }

  @Override
  protected Output output(Path file, Output output) {
    return new ForwardingOutput(output) {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        if (!fault.isEmpty()) {
          throw new IOException(fault);
        }
        super.write(bytes, length);
        take(length);
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
