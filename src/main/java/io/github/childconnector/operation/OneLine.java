package io.github.childconnector.operation;

import java.util.regex.Pattern;

/**
 * Makes one line of a text that somebody else wrote, so that it can neither forge a second one nor
 * steer a terminal: control characters, those of 8 bits among them, and line separators become
 * spaces.
 */
public final class OneLine {
  private static final Pattern BREAKS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+");

  private OneLine() {}

  /** The text as one line; space at its ends stays. */
  public static String of(String text) {
    return BREAKS.matcher(text).replaceAll(" ");
  }
}
