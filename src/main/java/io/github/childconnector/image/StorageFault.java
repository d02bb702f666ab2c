package io.github.childconnector.image;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/** Puts what the disk throws into words. */
final class StorageFault {
  /** The least that can be called room, in bytes. */
  private static final long SOME = 64 << 10;

  private final Disk disk;
  private final Path directory;
  private final long minFree;

  StorageFault(Disk disk, Path directory, long minFree) {
    this.disk = disk;
    this.directory = directory;
    this.minFree = minFree;
  }

  /** The failure to report; an interrupt, which also closes files, is none. */
  UpdateException of(IOException fault) throws InterruptedException {
    if (Thread.interrupted() || fault instanceof ClosedByInterruptException) {
      throw new InterruptedException();
    }
    return isFull(fault) ? full(fault) : failed(directory, fault);
  }

  static UpdateException failed(Path directory, IOException fault) {
    return new UpdateException(
        FailureCode.STORAGE_FAILED,
        "The images in %s cannot be read or written: %s. Check the disk and the permissions of that directory."
            .formatted(directory, FileTrouble.sentence(fault)),
        fault);
  }

  private UpdateException full(IOException fault) {
    return new UpdateException(
        FailureCode.DISK_FULL,
        "The disk that holds %s is full (%s), although download.min_free is to keep %d bytes; %s."
            .formatted(directory, FileTrouble.sentence(fault), minFree, remedy()),
        fault);
  }

  private String remedy() {
    return free() < Math.max(minFree, SOME)
        ? "free some space there"
        : "it has bytes left, so remove some files there (df -i)";
  }

  /** The message is in the machine's language, so the disk is asked too. */
  private boolean isFull(IOException fault) {
    return String.valueOf(fault.getMessage()).matches("(?si).*(no space left|quota).*")
        || free() < minFree;
  }

  private long free() {
    try {
      return disk.usableSpace(directory);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
