package io.github.childconnector.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keeps a second connector away from a storage directory: two over one journal would install
 * everything twice. The lock is the operating system's and ends with the process.
 */
public final class StorageLock implements Closeable {
  /** Firmware and its addresses are not for every user of the machine. */
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwxr-x---");

  private final FileChannel channel;

  private StorageLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param parts what will be used below the directory
   * @throws IOException the directory cannot be used, or another process holds it; the message says
   *     what to do
   */
  public static StorageLock take(Path directory, Path... parts) throws IOException {
    try {
      FileAttribute<?>[] attributes = {PosixFilePermissions.asFileAttribute(PRIVATE)};
      new LocalDisk().createDirectory(directory, attributes);
      requireWritable(directory);
      for (Path part : parts) {
        requireWritable(part);
      }
      Path file = file(directory);
      return lock(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new IOException(
          "storage.directory " + directory + " cannot be used: " + FileTrouble.sentence(e), e);
    }
  }

  /** Whether a connector has ever used the directory. */
  public static boolean isThere(Path directory) {
    return Files.exists(file(directory));
  }

  private static Path file(Path directory) {
    return directory.resolve("lock");
  }

  /**
   * Refuses a directory that another user made, which would otherwise be noticed at the first
   * update only.
   */
  private static void requireWritable(Path directory) throws IOException {
    if (Files.exists(directory) && !(Files.isReadable(directory) && Files.isWritable(directory))) {
      throw FileTrouble.notWritable(directory);
    }
  }

  private static StorageLock lock(FileChannel channel) throws IOException {
    if (isFree(channel)) {
      return new StorageLock(channel);
    }
    channel.close();
    throw new IOException(
        "another connector uses it; stop that one, or give each a storage.directory of its own");
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
