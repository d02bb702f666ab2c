package io.github.childconnector.image;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Ends a download that grows beyond {@code download.max_size} or leaves less than {@code
 * download.min_free} on the disk: before its first byte where the server says how much will come,
 * and while it comes.
 */
final class SizeLimits {
  /** The number of bytes that may come between two looks at the disk. */
  private static final long LOOK_INTERVAL = 4L << 20;

  private final ImageUrl url;
  private final DownloadSettings settings;
  private final Disk disk;
  private final Path directory;
  private long nextLook;

  SizeLimits(ImageUrl url, DownloadSettings settings, Disk disk, Path directory) {
    this.url = url;
    this.settings = settings;
    this.disk = disk;
    this.directory = directory;
  }

  /** {@code have} bytes of {@code total} are here; the others are about to come. */
  void expect(long have, OptionalLong total) throws UpdateException, IOException {
    requireSize(total.orElse(have));
    requireRoom(total.orElse(have) - have);
    nextLook = have + LOOK_INTERVAL;
  }

  /** The image is about to have {@code size} bytes. */
  void grow(long size) throws UpdateException, IOException {
    requireSize(size);
    if (size >= nextLook) {
      requireRoom(0);
      nextLook = size + LOOK_INTERVAL;
    }
  }

  private void requireSize(long size) throws UpdateException {
    if (size > settings.maxSize()) {
      throw new UpdateException(
          FailureCode.IMAGE_TOO_LARGE,
          "The image at %s is larger than the %d bytes of download.max_size; raise that if it is right."
              .formatted(url, settings.maxSize()));
    }
  }

  private static String amount(long bytes) {
    return bytes > 0 ? bytes + " more bytes" : "more room";
  }

  private void requireRoom(long needed) throws UpdateException, IOException {
    long free = disk.usableSpace(directory);
    if (free - needed < settings.minFree()) {
      throw new UpdateException(
          FailureCode.DISK_FULL,
          "The image at %s needs %s in %s, where %d bytes are free and download.min_free keeps %d; free some space there."
              .formatted(url, amount(needed), directory, free, settings.minFree()));
    }
  }
}
