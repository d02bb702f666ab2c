package io.github.childconnector.settings;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.settings.Kind.BadValueException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that say how many, how long and how large; each has bounds. */
public final class Amounts {
  /** A port of TCP. */
  public static final Kind<Integer> PORT = number(1, 65535);

  /** The longest time where nothing else is said. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** The largest size where nothing else is said, in bytes. */
  public static final long LARGEST = 16L << 40;

  /** A length of time where nothing else is said. */
  static final Kind<Duration> DURATION = duration(Duration.ofMillis(1), LONGEST);

  private Amounts() {}

  /** A whole number. */
  public static Kind<Integer> number(int least, int most) {
    return Kind.scalar(
        node -> {
          if (Kinds.scalar(node) instanceof Long number && least <= number && number <= most) {
            return number.intValue();
          }
          throw BadValueException.expected("a number from " + least + " to " + most, node);
        },
        String::valueOf);
  }

  /** A length of time. */
  public static Kind<Duration> duration(Duration least, Duration most) {
    return Kind.scalar(
        node -> {
          Duration length = length(node);
          if (length.compareTo(least) < 0 || length.compareTo(most) > 0) {
            String bounds = DurationText.write(least) + " to " + DurationText.write(most);
            throw new BadValueException(
                "must be from " + bounds + ", not " + DurationText.write(length));
          }
          return length;
        },
        length -> Text.quoted(DurationText.write(length)));
  }

  /** A length of time of which only the least is bounded. */
  public static Kind<Duration> atLeast(Duration least) {
    return duration(least, LONGEST);
  }

  /** A size in bytes. */
  public static Kind<Long> size(long least, long most) {
    return Kind.scalar(
        node -> {
          long bytes = bytes(node);
          if (bytes < least || bytes > most) {
            String bounds = SizeText.write(least) + " to " + SizeText.write(most);
            throw new BadValueException(
                "must be from " + bounds + ", not " + SizeText.write(bytes));
          }
          return bytes;
        },
        bytes -> Text.quoted(SizeText.write(bytes)));
  }

  /** Thin-edge's times come as durations; ours are texts. */
  private static Duration length(Node node) throws BadValueException {
    if (Kinds.scalar(node) instanceof Duration length) {
      return length;
    }
    Optional<Duration> length =
        Kinds.scalar(node) instanceof String text ? DurationText.parse(text) : Optional.empty();
    return length.orElseThrow(
        () -> BadValueException.expected("a time such as \"30s\", \"5m\" or \"1h30m\"", node));
  }

  private static long bytes(Node node) throws BadValueException {
    Object value = Kinds.scalar(node);
    OptionalLong bytes =
        value instanceof String || value instanceof Long
            ? SizeText.parse(value.toString())
            : OptionalLong.empty();
    return bytes.orElseThrow(
        () -> BadValueException.expected("a size such as \"64MiB\" or \"2GiB\"", node));
  }

  /**
   * A number of bytes as our configuration writes it.
   *
   * <p>Samples: {@code 0}, {@code 512}, {@code 64KiB}, {@code 2GiB}.
   */
  static final class SizeText {
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
      int unit =
          bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.size() - 1);
      return (bytes >> (10 * unit)) + UNITS.get(unit);
    }
  }
}
