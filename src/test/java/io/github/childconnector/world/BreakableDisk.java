package io.github.childconnector.world;

import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** This machine's disk with a fault point before and after everything that changes it. */
@NullMarked
final class BreakableDisk extends ForwardingDisk {
  private final FaultPoints points;

  BreakableDisk(FaultPoints points) {
    this.points = points;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void around(String what, Path where, Change change) throws IOException {
    points.around(
        what + " " + name(where),
        () -> {
          change.make();
          return true;
        });
  }

  /** The same in each run: digests tell nothing here, of an image or of a child's name. */
  private static String name(Path file) {
    return file.toAbsolutePath()
        .toString()
        .replaceAll("[0-9a-f]{64}", "image")
        .replaceAll("\\.[0-9a-f]{16}\\.", ".")
        .replaceAll("/[0-9a-f]{16}(?=/|$)", "/child");
  }

  @Override
  public Output create(Path file) throws IOException {
    return points.around("create " + name(file), () -> super.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return points.around("append " + name(file), () -> super.append(file));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    around("rename", to, () -> super.rename(from, to));
  }

  @Override
  public void delete(Path file) throws IOException {
    around("delete", file, () -> super.delete(file));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    around("create directory", directory, () -> super.createDirectory(directory));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    around("force directory", directory, () -> super.forceDirectory(directory));
  }

  @Override
  protected Output output(Path file, Output output) {
    return new ForwardingOutput(output) {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        around("write", file, () -> output.write(bytes, length));
      }

      @Override
      public void force() throws IOException {
        around("force", file, output::force);
      }

      @Override
      public void close() throws IOException {
        around("close", file, output::close);
      }
    };
  }
}
