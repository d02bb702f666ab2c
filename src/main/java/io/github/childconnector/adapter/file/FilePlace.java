package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.disk.LocalDisk;
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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
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
    if (Files.exists(path)) {
      copy(path, previous);
    } else {
      Files.deleteIfExists(previous);
    }
    byte[] name = key.toString().getBytes(StandardCharsets.UTF_8);
    replace(operation, new ByteArrayInputStream(name), sent -> {});
  }

  private boolean isKeptFor(OperationKey key) throws IOException {
    return Files.exists(operation) && Files.readString(operation).equals(key.toString());
  }

  /** Puts the image there. */
  void put(FirmwareImage image, Progress progress) throws IOException, InterruptedException {
    long size = Math.max(1, image.size());
    MessageDigest digest = Sha256.begin();
    try (InputStream from = new DigestInputStream(Files.newInputStream(image.path()), digest)) {
      write(from, sent -> progress.percent((int) (sent * 100 / size)));
    }
    if (!Sha256.of(digest).equals(image.digest())) {
      throw new IOException("the image in " + image.path() + " was damaged after it was checked");
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
    if (Files.exists(previous)) {
      copy(previous, path);
    } else {
      Files.deleteIfExists(path);
      syncDirectory();
    }
    return true;
  }

  private void copy(Path from, Path to) throws IOException, InterruptedException {
    try (InputStream bytes = Files.newInputStream(from)) {
      replace(to, bytes, sent -> {});
    }
  }

  private void replace(Path to, InputStream bytes, LongConsumer sent)
      throws IOException, InterruptedException {
    write(bytes, sent);
    move(to);
  }

  private void write(InputStream from, LongConsumer sent) throws IOException, InterruptedException {
    try (FileChannel to =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
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
      Path model = Files.exists(to) ? to : path;
      Files.setPosixFilePermissions(
          part, Files.exists(model) ? Files.getPosixFilePermissions(model) : READABLE);
    }
  }

  private void syncDirectory() throws IOException {
    new LocalDisk().forceDirectory(path.resolveSibling(""));
  }
}
