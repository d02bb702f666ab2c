package io.github.childconnector.operation;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Why an operation failed: a stable code and a sentence that says what to do, in one line although
 * it may quote a device.
 */
public record Failure(FailureCode code, String sentence) {
  /** The longest reason thin-edge takes: beyond it the mapper cuts, possibly inside a character. */
  public static final int MAX_REASON_BYTES = 500;

  private static final Pattern BREAKS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+");

  /** Makes the sentence one line. */
  public Failure {
    sentence = oneLine(sentence).strip();
  }

  /**
   * Makes one line of a text that somebody else wrote, so that it can neither forge a second one
   * nor steer a terminal: control characters, those of 8 bits among them, and line separators
   * become spaces; space at its ends stays.
   */
  public static String oneLine(String text) {
    return BREAKS.matcher(text).replaceAll(" ");
  }

  /** Returns this failure with one more sentence. */
  public Failure with(String addition) {
    return new Failure(code, sentence + " " + addition);
  }

  /**
   * The one line that is reported, at most 500 bytes of UTF-8 and never cut inside a character, for
   * example {@code digest-mismatch: The image at http://… has the SHA-256 ab…, not cd…}.
   */
  public String reason() {
    return reason(code.word() + ": " + sentence);
  }

  /**
   * Makes a reason of a text that somebody else wrote: one line of at most {@value
   * #MAX_REASON_BYTES} bytes of UTF-8; what is cut ends with "…".
   */
  public static String reason(String text) {
    String line = oneLine(text).strip();
    if (bytes(line) <= MAX_REASON_BYTES) {
      return line;
    }
    int end = Math.min(line.length(), MAX_REASON_BYTES);
    while (end > 0
        && (bytes(line.substring(0, end)) > MAX_REASON_BYTES - 3 || isInCharacter(line, end))) {
      end--;
    }
    return line.substring(0, end) + "…";
  }

  /** Whether a cut would part a character of two units, or one from the accent on it. */
  private static boolean isInCharacter(String line, int end) {
    if (Character.isHighSurrogate(line.charAt(end - 1))) {
      return true;
    }
    return switch (Character.getType(line.codePointAt(end))) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
