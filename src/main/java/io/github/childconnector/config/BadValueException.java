package io.github.childconnector.config;

/** A value is not what its key takes; the message says what it takes. */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException(String sentence) {
    super(sentence);
  }

  static BadValueException expected(String what, Node instead) {
    return new BadValueException("must be " + what + ", not " + instead.describe());
  }

  /** The sentence for the operator. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
