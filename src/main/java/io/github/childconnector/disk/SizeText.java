package io.github.childconnector.disk;

import java.util.Locale;

/**
 * A number of bytes as people read it in a sentence: whole below 10 KiB, else in the unit that
 * leaves a number below 1024.
 *
 * <p>Samples: {@code 522 bytes}, {@code 64 MiB}, {@code 61.0 MiB}, {@code 1.5 GiB}.
 */
public final class SizeText {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
  private static final long SMALL = 10 << 10;

  private SizeText() {}

  /** Writes a number of bytes. */
  public static String of(long bytes) {
    if (bytes < SMALL) {
      return bytes + " bytes";
    }
    int unit = 0;
    double size = bytes / 1024.0;
    while (size >= 1024 && unit < UNITS.length - 1) {
      size /= 1024;
      unit++;
    }
    String form = size == Math.rint(size) ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, size, UNITS[unit]);
  }
}
