package io.github.childconnector.simulation;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A disk whose changes are steps of a process, and whose readers take turns. */
public final class SteppedDisk extends ForwardingDisk {
  private final Scheduler scheduler;

  /** Forwards to this disk, for threads of this scheduler. */
  public SteppedDisk(Disk disk, Scheduler scheduler) {
    super(disk);
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
    return scheduler.step("create " + file.getFileName(), () -> super.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return scheduler.step("append " + file.getFileName(), () -> super.append(file));
  }

  @Override
  protected Output output(Path file, Output output) {
    return new ForwardingOutput(output) {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        step("write ", file, () -> output.write(bytes, length));
      }

      @Override
      public void force() throws IOException {
        step("force ", file, output::force);
      }
    };
  }

  @Override
  public InputStream read(Path file) throws IOException {
    scheduler.pass();
    return super.read(file);
  }

  @Override
  public boolean exists(Path file) {
    scheduler.pass();
    return super.exists(file);
  }

  @Override
  public long size(Path file) throws IOException {
    scheduler.requireAlive();
    return super.size(file);
  }

  @Override
  public void visit(Path directory, Visitor visitor) throws IOException {
    scheduler.pass();
    super.visit(directory, visitor);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename to ", to, () -> super.rename(from, to));
  }

  @Override
  public void delete(Path file) throws IOException {
    if (super.exists(file)) {
      step("delete ", file, () -> super.delete(file));
    } else {
      scheduler.requireAlive();
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    step("create directory ", directory, () -> super.createDirectory(directory));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    step("force directory ", directory, () -> super.forceDirectory(directory));
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    scheduler.requireAlive();
    return super.usableSpace(directory);
  }
}
