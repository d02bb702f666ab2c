package io.github.childconnector.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as it is written on the command line, for example {@code 30s}, {@code 1h}. */
record TimeLimit(String text, Duration length) {
  static final TimeLimit HOUR = new TimeLimit("1h", Duration.ofHours(1));

  /** For picocli. */
  static final class Reader implements ITypeConverter<TimeLimit> {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([smh])");

    @Override
    public TimeLimit convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not a length of time such as 30s, 5m or 1h");
      }
      return new TimeLimit(text, Duration.parse("PT" + form.group(1) + form.group(2)));
    }
  }
}
