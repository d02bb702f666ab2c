package io.github.childconnector.config;

import io.github.childconnector.clock.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The kinds of values that say how many, how long and how large; each has bounds. */
final class Amounts {
  private static final long LARGEST_SIZE = 16L << 40;

  static final Kind<Integer> PORT = number(1, 65535);
  static final Kind<Duration> DURATION = duration(Duration.ofMillis(1), Duration.ofDays(30));
  static final Kind<Duration> GRACE = duration(Duration.ZERO, Duration.ofHours(1));
  static final Kind<Long> SIZE = size(0);

  private Amounts() {}

  static Kind<Integer> number(int least, int most) {
    return Kind.scalar(
        node -> {
          if (Kinds.scalar(node) instanceof Long number && least <= number && number <= most) {
            return number.intValue();
          }
          throw BadValueException.expected("a number from " + least + " to " + most, node);
        },
        String::valueOf);
  }

  static Kind<Duration> duration(Duration least, Duration most) {
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

  static Kind<Long> size(long least) {
    return Kind.scalar(
        node -> {
          long bytes = bytes(node);
          if (bytes < least || bytes > LARGEST_SIZE) {
            String bounds = SizeText.write(least) + " to " + SizeText.write(LARGEST_SIZE);
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
}
