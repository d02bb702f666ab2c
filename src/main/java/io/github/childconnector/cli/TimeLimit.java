package io.github.childconnector.cli;

import io.github.childconnector.clock.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as it is written on the command line, for example {@code 30s}, {@code 1h}. */
record TimeLimit(String text, Duration length) {
  static final TimeLimit HOUR = new TimeLimit("1h", Duration.ofHours(1));

  /** For picocli. */
  static final class Reader implements ITypeConverter<TimeLimit> {
    @Override
    public TimeLimit convert(String text) {
      return DurationText.parse(text)
          .filter(length -> !length.isZero())
          .map(length -> new TimeLimit(text, length))
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not a length of time such as 30s, 5m or 1h30m"));
    }
  }
}
