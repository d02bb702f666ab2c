package io.github.childconnector.thinedge;

import static java.util.Map.entry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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
  private static final Map<Duration, List<String>> UNITS =
      Map.ofEntries(
          entry(Duration.ofNanos(1), List.of("nanos", "nsec", "ns")),
          entry(Duration.ofNanos(1_000), List.of("usec", "us", "µs")),
          entry(Duration.ofMillis(1), List.of("millis", "msec", "ms")),
          entry(Duration.ofSeconds(1), List.of("seconds", "second", "secs", "sec", "s")),
          entry(Duration.ofMinutes(1), List.of("minutes", "minute", "mins", "min", "m")),
          entry(Duration.ofHours(1), List.of("hours", "hour", "hrs", "hr", "h")),
          entry(Duration.ofDays(1), List.of("days", "day", "d")),
          entry(Duration.ofDays(7), List.of("weeks", "week", "wks", "wk", "w")),
          entry(Duration.ofSeconds(2_630_016), List.of("months", "month", "M")),
          entry(Duration.ofSeconds(31_557_600), List.of("years", "year", "yrs", "yr", "y")));

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
    return UNITS.entrySet().stream()
        .filter(unit -> unit.getValue().contains(word))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
