package io.github.childconnector.simulation;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;

/** A disk that is full, or that fails, now and then: one change, or a few in a row. */
final class RefusingDisk extends ForwardingDisk {
  private final World world;
  private final Mishaps mishaps;

  RefusingDisk(Disk disk, World world, Mishaps mishaps) {
    super(disk);
    this.world = world;
    this.mishaps = mishaps;
  }

  private void change(Path file) throws IOException {
    if (mishaps.refuses()) {
      throw refusal(file);
    }
  }

  private IOException refusal(Path file) {
    world.refused(file);
    boolean isFull = mishaps.chance(2) == 0;
    return new IOException(isFull ? "No space left on device" : "Input/output error");
  }

  @Override
  public Output create(Path file) throws IOException {
    change(file);
    return super.create(file);
  }

  @Override
  public Output append(Path file) throws IOException {
    change(file);
    return super.append(file);
  }

  @Override
  protected Output output(Path file, Output output) {
    return new ForwardingOutput(output) {
      /** A full disk takes what still has room. */
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        if (mishaps.refuses()) {
          super.write(bytes, length / 2);
          throw refusal(file);
        }
        super.write(bytes, length);
      }

      @Override
      public void force() throws IOException {
        change(file);
        super.force();
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change(to);
    super.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    change(file);
    super.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    change(directory);
    super.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    change(directory);
    super.forceDirectory(directory);
  }
}
