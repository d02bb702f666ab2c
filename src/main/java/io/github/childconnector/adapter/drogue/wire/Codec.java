package io.github.childconnector.adapter.drogue.wire;

/** How messages are written on one kind of transport. */
public interface Codec {
  /** Reads what a device has sent. */
  Status read(byte[] message) throws FormatException;

  /** Writes what it is to be told. */
  byte[] write(DfuCommand command);

  /** Bytes that are no message of the protocol. */
  final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public FormatException(String what) {
      super(what);
    }

    public FormatException(String what, Throwable cause) {
      super(what, cause);
    }
  }
}
