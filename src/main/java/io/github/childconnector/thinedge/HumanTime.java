package io.github.childconnector.thinedge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as thin-edge writes it: a number of seconds, or numbers with units, of which a
 * month has 30.44 days and a year 365.25.
 *
 * <p>Samples: {@code 3600}, {@code 90s}, {@code 1h 30min}, {@code 2 days}.
 */
final class HumanTime {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");
  private static final Pattern PARTS = Pattern.compile("(?:\\s*\\d{1,18}\\s*\\p{L}+)+\\s*");
  private static final Pattern PART = Pattern.compile("(\\d+)\\s*(\\p{L}+)");
  private static final List<Unit> UNITS =
      List.of(
          new Unit(Duration.ofNanos(1), "nanos", "nsec", "ns"),
          new Unit(Duration.ofNanos(1_000), "usec", "us", "µs"),
          new Unit(Duration.ofMillis(1), "millis", "msec", "ms"),
          new Unit(Duration.ofSeconds(1), "seconds", "second", "secs", "sec", "s"),
          new Unit(Duration.ofMinutes(1), "minutes", "minute", "mins", "min", "m"),
          new Unit(Duration.ofHours(1), "hours", "hour", "hrs", "hr", "h"),
          new Unit(Duration.ofDays(1), "days", "day", "d"),
          new Unit(Duration.ofDays(7), "weeks", "week", "wks", "wk", "w"),
          new Unit(Duration.ofSeconds(2_630_016), "months", "month", "M"),
          new Unit(Duration.ofSeconds(31_557_600), "years", "year", "yrs", "yr", "y"));

  private HumanTime() {}

  /** The length; empty if thin-edge would not take the text. */
  static Optional<Duration> parse(String text) {
    try {
      if (SECONDS.matcher(text).matches()) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
      }
      return PARTS.matcher(text).matches() ? sum(PART.matcher(text)) : Optional.empty();
    } catch (ArithmeticException tooLong) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> sum(Matcher parts) {
    Duration sum = Duration.ZERO;
    while (parts.find()) {
      Optional<Duration> unit = unit(parts.group(2));
      if (unit.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(unit.get().multipliedBy(Long.parseLong(parts.group(1))));
    }
    return Optional.of(sum);
  }

  private static Optional<Duration> unit(String word) {
    return UNITS.stream().filter(unit -> unit.words.contains(word)).map(Unit::length).findFirst();
  }

  private record Unit(Duration length, List<String> words) {
    private Unit(Duration length, String... words) {
      this(length, List.of(words));
    }
  }
}
