package io.github.childconnector.disk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;

/**
 * A disk in memory that knows what a power cut may leave of it.
 *
 * <p>What was forced out stays: the bytes of a file by its own force, names by their directory's.
 * Of all other changes of names any subset may be left, in whatever order they were made, and of
 * the bytes of a file any of {@link FakeFile#fates}; see {@link #survivors}.
 */
@NullMarked
public final class FakeDisk implements Disk {
  private final Map<Path, FakeDirectory> directories = new TreeMap<>();

  /** What a power cut may leave of this disk as it is now. */
  public synchronized Survivors survivors() {
    return new Survivors(directories);
  }

  /** A file that is safe on this disk. */
  public synchronized void put(Path file, byte[] content) throws IOException {
    createDirectory(parent(file));
    FakeDirectory directory = directory(parent(file));
    directory.present().put(name(file), new FakeFile(content));
    directory.force();
  }

  /** Everything that can be read. */
  public synchronized Map<Path, ByteBuffer> files() {
    Map<Path, ByteBuffer> files = new TreeMap<>();
    directories.forEach(
        (path, directory) ->
            directory
                .present()
                .forEach(
                    (name, file) ->
                        files.put(path.resolve(name), ByteBuffer.wrap(file.content()))));
    return files;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private FakeDirectory directory(Path path) throws IOException {
    FakeDirectory directory = directories.get(path);
    if (directory == null) {
      throw new NoSuchFileException(path.toString());
    }
    return directory;
  }

  private Optional<FakeFile> find(Path file) {
    return Optional.ofNullable(directories.get(parent(file)))
        .map(directory -> directory.present().get(name(file)));
  }

  private FakeFile get(Path file) throws IOException {
    return find(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
  }

  @Override
  public synchronized Output create(Path file) throws IOException {
    FakeFile made = directory(parent(file)).make(name(file));
    made.clear();
    return new FakeOutput(made);
  }

  @Override
  public synchronized Output append(Path file) throws IOException {
    return new FakeOutput(directory(parent(file)).make(name(file)));
  }

  @Override
  public synchronized InputStream read(Path file) throws IOException {
    return new ByteArrayInputStream(get(file).content());
  }

  @Override
  public synchronized boolean exists(Path file) {
    return find(file).isPresent();
  }

  @Override
  public synchronized long size(Path file) {
    return find(file).map(there -> there.content().length).orElse(0);
  }

  @Override
  public void visit(Path directory, Visitor visitor) throws IOException {
    // Not while it is locked: a visitor may wait for others who use the disk.
    Iterator<Path> files = list(directory).iterator();
    boolean goesOn = true;
    while (goesOn && files.hasNext()) {
      Path file = files.next();
      goesOn = !exists(file) || visitor.visit(file);
    }
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    return directory(directory).present().keySet().stream().map(directory::resolve).toList();
  }

  @Override
  public synchronized List<Path> directories(Path directory) {
    return directories.keySet().stream()
        .filter(path -> directory.equals(path.getParent()))
        .toList();
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (parent(from).equals(parent(to))) {
      directory(parent(from)).rename(get(from), name(from), name(to));
    } else {
      // One step of the disk's own journal, before which or after which the power may go.
      directory(parent(to)).adopt(get(from), name(to));
      directory(parent(from)).release(name(from));
    }
  }

  /** Nobody here asks who may write. */
  @Override
  public void seal(Path file) {}

  @Override
  public synchronized void delete(Path file) throws IOException {
    FakeDirectory directory = directory(parent(file));
    find(file).ifPresent(there -> directory.delete(there, name(file)));
  }

  @Override
  public synchronized void createDirectory(Path directory) {
    directories.putIfAbsent(directory, new FakeDirectory());
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    directory(directory).force();
  }

  @Override
  public long usableSpace(Path directory) {
    return Long.MAX_VALUE / 2;
  }

  private final class FakeOutput implements Output {
    private final FakeFile file;

    private FakeOutput(FakeFile file) {
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int length) {
      synchronized (FakeDisk.this) {
        file.write(bytes, length);
      }
    }

    @Override
    public void force() {
      synchronized (FakeDisk.this) {
        file.force();
      }
    }

    @Override
    public void close() {}
  }
}
