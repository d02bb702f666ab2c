package io.github.childconnector.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that somebody else wrote, such as a device or a requester, made fit for a line of a log or
 * a terminal.
 */
public final class Printable {
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /**
   * Writes what could begin a new line, steer a terminal, or turn the order of what is shown, as an
   * escape such as {@code \n} or {@code \u202e}.
   */
  public static String line(String text) {
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(escape(found.group().codePointAt(0))));
  }

  private static String escape(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", character);
    };
  }
}
