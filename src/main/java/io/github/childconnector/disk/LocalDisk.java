package io.github.childconnector.disk;

import static java.nio.file.StandardOpenOption.READ;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The file system of this machine. What a thread has begun to write it ends, even if it is
 * interrupted meanwhile: the journal's last word must not be lost because the connector stops.
 */
public final class LocalDisk implements Disk {
  /** The group may read: programs that flash may be another user's. */
  private static final Set<PosixFilePermission> SEALED =
      PosixFilePermissions.fromString("r--r-----");

  @Override
  public Output create(Path file) throws IOException {
    return new FileOutput(new FileOutputStream(file.toFile(), false));
  }

  @Override
  public Output append(Path file) throws IOException {
    return new FileOutput(new FileOutputStream(file.toFile(), true));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      // Java opens it, and then says what it is without saying where.
      throw new FileSystemException(file.toString(), null, "is a directory");
    }
    return Files.newInputStream(file);
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public long size(Path file) throws IOException {
    return exists(file) ? Files.size(file) : 0;
  }

  @Override
  public void visit(Path directory, Visitor visitor) throws IOException {
    boolean goesOn = true;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      Iterator<Path> entries = all.iterator();
      while (goesOn && entries.hasNext()) {
        Path entry = entries.next();
        goesOn = !Files.isRegularFile(entry) || visitor.visit(entry);
      }
    } catch (DirectoryIteratorException e) {
      // So the stream says that the disk broke while it was read.
      throw e.getCause();
    }
  }

  @Override
  public List<Path> directories(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void seal(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(file, SEALED);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    createDirectory(directory, new FileAttribute<?>[0]);
  }

  /** Creates a directory, with its parents, which get these attributes where they are new. */
  public void createDirectory(Path directory, FileAttribute<?>[] attributes) throws IOException {
    Deque<Path> grown = new ArrayDeque<>();
    Path place = directory.toAbsolutePath();
    while (place.getParent() != null && !Files.isDirectory(place)) {
      place = place.getParent();
      grown.push(place);
    }
    Files.createDirectories(directory, attributes);
    for (Path parent : grown) {
      forceDirectory(parent);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    // Files.getFileStore wants to find the mount point, which a chroot or sandbox may hide.
    long space = directory.toFile().getUsableSpace();
    if (space == 0 && !Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    return space;
  }

  private record FileOutput(FileOutputStream stream) implements Output {
    @Override
    public void write(byte[] bytes, int length) throws IOException {
      stream.write(bytes, 0, length);
    }

    @Override
    public void force() throws IOException {
      stream.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
