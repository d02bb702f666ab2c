package io.github.childconnector.adapter.sming;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version such as {@code 4.3.6}, of exactly three numbers. */
record SemanticVersion(int major, int minor, int patch) {
  private static final String NUMBER = "(0|[1-9]\\d{0,8})";
  private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER);
  private static final Pattern LINE = Pattern.compile(NUMBER + "\\." + NUMBER);

  /** The version that a text gives; empty if it is none. */
  static Optional<SemanticVersion> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new SemanticVersion(part(parts, 1), part(parts, 2), part(parts, 3)))
        : Optional.empty();
  }

  /** Whether a text is the major and minor number of a version, such as {@code 4.3}. */
  static boolean isLine(String text) {
    return LINE.matcher(text).matches();
  }

  private static int part(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  /** Major and minor number: firmware of one line is published to one topic. */
  String line() {
    return major + "." + minor;
  }

  @Override
  public String toString() {
    return line() + "." + patch;
  }
}
