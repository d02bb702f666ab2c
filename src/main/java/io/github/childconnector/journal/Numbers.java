package io.github.childconnector.journal;

import io.github.childconnector.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The numbers by which operations are in the order of acceptance. A file holds the number up to
 * which they may be in use, so that no operation has to be read to know it; as one line:
 *
 * <pre>
 * 3000
 * </pre>
 */
final class Numbers {
  static final String FILE = "sequence";

  /** How many numbers are taken at a time, so that few operations wait for one more write. */
  static final int BATCH = 1000;

  /** The digits of the longest number, and a sign. */
  private static final int MAX_LENGTH = 20;

  private final Path file;
  private final Disk disk;
  private long last;
  private long taken;

  Numbers(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /** The number up to which earlier processes may have used them; empty if that is not known. */
  OptionalLong recorded() {
    try (InputStream content = disk.read(file)) {
      byte[] digits = content.readNBytes(MAX_LENGTH);
      return OptionalLong.of(Long.parseLong(new String(digits, StandardCharsets.US_ASCII).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  void continueAfter(long used) {
    last = used;
    taken = used;
  }

  long next() throws IOException {
    if (last >= taken) {
      long more = last + BATCH;
      disk.replace(file, Long.toString(more).getBytes(StandardCharsets.US_ASCII));
      taken = more;
    }
    return ++last;
  }
}
