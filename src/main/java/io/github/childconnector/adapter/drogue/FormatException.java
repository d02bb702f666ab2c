package io.github.childconnector.adapter.drogue;

/** Bytes that are no message of the protocol. */
final class FormatException extends Exception {
  private static final long serialVersionUID = 1L;

  FormatException(String what) {
    super(what);
  }

  FormatException(String what, Throwable cause) {
    super(what, cause);
  }
}
