package io.github.childconnector.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Replaces a small file so that, whenever the power goes, the old or the new content is there and
 * never a mixture.
 */
public final class DurableFile {
  /** The end of a file's name until it is whole; whoever starts may delete what still ends so. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private DurableFile() {}

  /** Returns when {@code content} stands under {@code file} and would survive a power cut. */
  public static void write(Disk disk, Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    try {
      try (Disk.Output output = disk.create(temporary)) {
        output.write(content, content.length);
        output.force();
      }
      rename(disk, temporary, file);
    } catch (IOException e) {
      discard(disk, temporary, e);
      throw e;
    }
  }

  /** On a full disk of all places, nothing half-written may stay. */
  private static void discard(Disk disk, Path temporary, IOException reason) {
    try {
      disk.delete(temporary);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Returns when the file has its new name and would keep it in a power cut. */
  public static void rename(Disk disk, Path from, Path to) throws IOException {
    disk.rename(from, to);
    Path directory = to.toAbsolutePath().getParent();
    if (directory != null) {
      disk.forceDirectory(directory);
    }
  }
}
