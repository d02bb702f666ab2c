package io.github.childconnector.image;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which bytes a partial answer holds, from the header {@code Content-Range: bytes 100-199/200}. */
record ContentRange(long start, OptionalLong total) {
  private static final Pattern FORM =
      Pattern.compile("bytes +(\\d{1,18})-\\d{1,18}/(?:(\\d{1,18})|\\*)");

  /** The range, if the header can be read. */
  static Optional<ContentRange> parse(String header) {
    Matcher form = FORM.matcher(header);
    return form.matches() ? Optional.of(of(form.group(1), form.group(2))) : Optional.empty();
  }

  private static ContentRange of(String start, @Nullable String total) {
    OptionalLong whole =
        total == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(total));
    return new ContentRange(Long.parseLong(start), whole);
  }
}
