package io.github.childconnector.adapter.drogue.wire;

/** Bytes that are no message of the protocol. */
public final class FormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public FormatException(String what) {
    super(what);
  }

  public FormatException(String what, Throwable cause) {
    super(what, cause);
  }
}
