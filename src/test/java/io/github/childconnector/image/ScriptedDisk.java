package io.github.childconnector.image;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A disk of this machine with as much room, and as broken, as a test says. */
final class ScriptedDisk implements Disk {
  private final Disk local = new LocalDisk();
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
    return output(local.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return output(local.append(file));
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
  public InputStream read(Path file) throws IOException {
    return local.read(file);
  }

  @Override
  public boolean exists(Path file) {
    return local.exists(file);
  }

  @Override
  public long size(Path file) throws IOException {
    return local.size(file);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return local.list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    local.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    local.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    local.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    local.forceDirectory(directory);
  }

  @Override
  public long usableSpace(Path directory) {
    return free;
  }
}
