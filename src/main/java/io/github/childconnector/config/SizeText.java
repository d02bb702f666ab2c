package io.github.childconnector.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as our configuration writes it.
 *
 * <p>Samples: {@code 0}, {@code 512}, {@code 64KiB}, {@code 2GiB}.
 */
final class SizeText {
  private static final List<String> UNITS = List.of("", "KiB", "MiB", "GiB", "TiB");
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(\\w{0,3})");

  private SizeText() {}

  /** The size; empty if the text is none, or a size that no file can have. */
  static OptionalLong parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || !UNITS.contains(parts.group(2))) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(parts.group(1));
    int shift = 10 * UNITS.indexOf(parts.group(2));
    return number > Long.MAX_VALUE >> shift
        ? OptionalLong.empty()
        : OptionalLong.of(number << shift);
  }

  /** The same size in the largest unit of which it is a multiple. */
  static String write(long bytes) {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.size() - 1);
    return (bytes >> (10 * unit)) + UNITS.get(unit);
  }
}
