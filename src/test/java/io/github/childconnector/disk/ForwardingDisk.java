package io.github.childconnector.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Another disk, for tests that change some of what it does. */
@NullMarked
public abstract class ForwardingDisk implements Disk {
  private final Disk disk;

  /** Forwards to a disk of this machine. */
  protected ForwardingDisk() {
    this(new LocalDisk());
  }

  /** Forwards to this disk. */
  protected ForwardingDisk(Disk disk) {
    this.disk = disk;
  }

  @Override
  public Output create(Path file) throws IOException {
    return output(file, disk.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return output(file, disk.append(file));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return disk.read(file);
  }

  @Override
  public boolean exists(Path file) {
    return disk.exists(file);
  }

  @Override
  public long size(Path file) throws IOException {
    return disk.size(file);
  }

  @Override
  public void visit(Path directory, Visitor visitor) throws IOException {
    disk.visit(directory, visitor);
  }

  @Override
  public List<Path> directories(Path directory) throws IOException {
    return disk.directories(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void seal(Path file) throws IOException {
    disk.seal(file);
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    disk.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    return disk.usableSpace(directory);
  }

  /** Takes the place of an output to a file; the same one, unless a test changes it. */
  protected Output output(Path file, Output output) {
    return output;
  }

  /** Another output, for tests that change some of what it does. */
  protected static class ForwardingOutput implements Output {
    private final Output output;

    /** Forwards to this output. */
    protected ForwardingOutput(Output output) {
      this.output = output;
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      output.write(bytes, length);
    }

    @Override
    public void force() throws IOException {
      output.force();
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }
}
