package io.github.childconnector.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A disk of this machine, for tests that change some of what it does. */
@NullMarked
public abstract class ForwardingDisk implements Disk {
  private final Disk local = new LocalDisk();

  @Override
  public Output create(Path file) throws IOException {
    return local.create(file);
  }

  @Override
  public Output append(Path file) throws IOException {
    return local.append(file);
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
  public long usableSpace(Path directory) throws IOException {
    return local.usableSpace(directory);
  }
}
