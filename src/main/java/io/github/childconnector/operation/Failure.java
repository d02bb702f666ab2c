package io.github.childconnector.operation;

import java.nio.charset.StandardCharsets;

/**
 * Why an operation failed: a stable code and a sentence that says what to do. Control characters of
 * the sentence (it may quote a device) become spaces, so that it is one line.
 */
public record Failure(FailureCode code, String sentence) {
  /** The longest reason thin-edge takes: beyond it the mapper cuts, possibly inside a character. */
  public static final int MAX_REASON_BYTES = 500;

  /** Makes the sentence one line. */
  public Failure {
    sentence = OneLine.of(sentence).strip();
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
