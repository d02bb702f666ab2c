package io.github.childconnector.adapter.program;

/** A program could not be started. */
final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  LaunchException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  LaunchException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  /** Says what was wrong, where, and what to do. */
  String sentence() {
    return sentence;
  }
}
