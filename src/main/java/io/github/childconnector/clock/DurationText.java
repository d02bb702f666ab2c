package io.github.childconnector.clock;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as our configuration writes it: units d, h, m, s and ms, in this order.
 *
 * <p>Samples: {@code 30s}, {@code 5m}, {@code 1h30m}, {@code 1d}.
 */
public final class DurationText {
  private static final Pattern FORM =
      Pattern.compile(
          "(?=\\d)(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9})s)?"
              + "(?:(\\d{1,9})ms)?");

  private DurationText() {}

  /** The length that a text gives; empty if it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            Duration.ofDays(part(parts, 1))
                .plusHours(part(parts, 2))
                .plusMinutes(part(parts, 3))
                .plusSeconds(part(parts, 4))
                .plusMillis(part(parts, 5)))
        : Optional.empty();
  }

  private static long part(Matcher parts, int group) {
    return Optional.ofNullable(parts.group(group)).map(Long::valueOf).orElse(0L);
  }

  /** Writes a length in its shortest form; what is less than a millisecond is left out. */
  public static String write(Duration length) {
    String text =
        written(length.toDaysPart(), "d")
            + written(length.toHoursPart(), "h")
            + written(length.toMinutesPart(), "m")
            + written(length.toSecondsPart(), "s")
            + written(length.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  private static String written(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
