package io.github.childconnector.adapter.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A file that is replaced as a whole, so that whoever reads it finds the old one or the new one:
 *
 * <pre>
 * plc-1.bin              what the device reads
 * plc-1.bin.previous     what it read before the last update; absent if there was nothing
 * .plc-1.bin.operation   for which update that was kept: child=plc-1 operation=tLrLthPXksKbqRqIsrDmy
 * .plc-1.bin.part        being written
 * </pre>
 *
 * <p>Others may write to the directory, too, as TFTP servers let anybody: none of these names is
 * read or written through a symbolic link.
 */
final class FilePlace {
  /** A TFTP or NFS server is another user; a file that is there already keeps its own. */
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path path;
  private final Path previous;
  private final Path operation;
  private final Path part;

  FilePlace(Path path) {
    this.path = path;
    this.previous = path.resolveSibling(path.getFileName() + ".previous");
    this.operation = path.resolveSibling("." + path.getFileName() + ".operation");
    this.part = path.resolveSibling("." + path.getFileName() + ".part");
  }

  /**
   * Keeps what is there, unless that was done for this operation before: then it may be the new.
   */
  void keepPrevious(OperationKey key) throws IOException, InterruptedException {
    if (isKeptFor(key)) {
      return;
    }
    if (Files.exists(path, NOFOLLOW_LINKS)) {
      copy(path, previous);
    } else {
      Files.deleteIfExists(previous);
    }
    byte[] name = key.toString().getBytes(StandardCharsets.UTF_8);
    write(new ByteArrayInputStream(name), sent -> {});
    move(operation);
  }

  private boolean isKeptFor(OperationKey key) throws IOException {
    if (!Files.isRegularFile(operation, NOFOLLOW_LINKS)) {
      return false;
    }
    byte[] name = key.toString().getBytes(StandardCharsets.UTF_8);
    try (InputStream kept = open(operation)) {
      return Arrays.equals(kept.readNBytes(name.length + 1), name);
    }
  }

  /** Puts the image there, as a whole and compared once more, or nothing. */
  void put(FirmwareImage image, Progress progress) throws IOException, InterruptedException {
    if (image.size() == 0) {
      throw new IOException("the image is empty, which is no firmware");
    }
    try (InputStream from = image.open()) {
      write(from, sent -> progress.percent((int) (sent * 100 / image.size())));
    } catch (ChangedImageException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    move(path);
  }

  /**
   * Puts back what was there before this operation.
   *
   * @return whether there was anything to put back
   */
  boolean restore(OperationKey key) throws IOException, InterruptedException {
    if (!isKeptFor(key)) {
      return false;
    }
    if (Files.exists(previous, NOFOLLOW_LINKS)) {
      copy(previous, path);
    } else {
      Files.deleteIfExists(path);
      syncDirectory();
    }
    return true;
  }

  /** A link is copied as a link: who made it may not be allowed to read what it leads to. */
  private void copy(Path from, Path to) throws IOException, InterruptedException {
    if (Files.isSymbolicLink(from)) {
      Files.deleteIfExists(part);
      Files.createSymbolicLink(part, Files.readSymbolicLink(from));
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory();
      return;
    }
    // A FIFO would be waited for.
    if (!Files.isRegularFile(from, NOFOLLOW_LINKS)) {
      throw new IOException(from + " is no file, so it cannot be kept; remove it");
    }
    try (InputStream bytes = open(from)) {
      write(bytes, sent -> {});
    }
    move(to);
  }

  private static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, NOFOLLOW_LINKS);
  }

  /** Whatever another user has put at the temporary name is removed, and never written to. */
  private void write(InputStream from, LongConsumer sent) throws IOException, InterruptedException {
    Files.deleteIfExists(part);
    try (FileChannel to = FileChannel.open(part, CREATE_NEW, WRITE, NOFOLLOW_LINKS)) {
      OutputStream out = Channels.newOutputStream(to);
      byte[] chunk = new byte[Sha256.CHUNK];
      long written = 0;
      for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        out.write(chunk, 0, length);
        written += length;
        sent.accept(written);
      }
      to.force(true);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException();
    }
  }

  private void move(Path to) throws IOException {
    setPermissions(to);
    Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory();
  }

  /** Not where there are none, as on a stick with FAT. */
  private void setPermissions(Path to) throws IOException {
    if (Files.getFileStore(part).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Path model = Files.isRegularFile(to, NOFOLLOW_LINKS) ? to : path;
      permissions(part)
          .setPermissions(
              Files.isRegularFile(model, NOFOLLOW_LINKS)
                  ? permissions(model).readAttributes().permissions()
                  : READABLE);
    }
  }

  private static PosixFileAttributeView permissions(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS);
  }

  private void syncDirectory() throws IOException {
    new LocalDisk().forceDirectory(path.resolveSibling(""));
  }
}
