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
    return cut(code.word() + ": " + sentence);
  }

  private static String cut(String text) {
    if (bytes(text) <= MAX_REASON_BYTES) {
      return text;
    }
    int end = Math.min(text.length(), MAX_REASON_BYTES);
    while (bytes(text.substring(0, end)) > MAX_REASON_BYTES - 3
        || Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
