package io.github.childconnector.simulation;

import io.github.childconnector.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A disk whose changes are steps of a process, and whose readers take turns. */
public final class SteppedDisk implements Disk {
  private final Disk disk;
  private final Scheduler scheduler;

  /** Forwards to this disk, for threads of this scheduler. */
  public SteppedDisk(Disk disk, Scheduler scheduler) {
    this.disk = disk;
    this.scheduler = scheduler;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void step(String what, Path file, Change change) throws IOException {
    scheduler.step(
        what + file.getFileName(),
        () -> {
          change.make();
          return true;
        });
  }

  @Override
  public Output create(Path file) throws IOException {
    return output(file, scheduler.step("create " + file.getFileName(), () -> disk.create(file)));
  }

  @Override
  public Output append(Path file) throws IOException {
    return output(file, scheduler.step("append " + file.getFileName(), () -> disk.append(file)));
  }

  private Output output(Path file, Output output) {
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        step("write ", file, () -> output.write(bytes, length));
      }

      @Override
      public void force() throws IOException {
        step("force ", file, output::force);
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public InputStream read(Path file) throws IOException {
    scheduler.pass();
    return disk.read(file);
  }

  @Override
  public boolean exists(Path file) {
    scheduler.pass();
    return disk.exists(file);
  }

  @Override
  public long size(Path file) throws IOException {
    scheduler.requireAlive();
    return disk.size(file);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    scheduler.pass();
    return disk.list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename to ", to, () -> disk.rename(from, to));
  }

  @Override
  public void delete(Path file) throws IOException {
    if (disk.exists(file)) {
      step("delete ", file, () -> disk.delete(file));
    } else {
      scheduler.requireAlive();
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    step("create directory ", directory, () -> disk.createDirectory(directory));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    step("force directory ", directory, () -> disk.forceDirectory(directory));
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    scheduler.requireAlive();
    return disk.usableSpace(directory);
  }
}
