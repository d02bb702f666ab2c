package io.github.childconnector.adapter.drogue;

/** How messages are written on one kind of transport. */
interface Codec {
  /** Reads what a device has sent. */
  Status read(byte[] message) throws FormatException;

  /** Writes what it is to be told. */
  byte[] write(DfuCommand command);
}
