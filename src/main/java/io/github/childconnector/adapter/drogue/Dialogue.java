package io.github.childconnector.adapter.drogue;

/** Answers the statuses of one device, whichever way they come. Safe for threads. */
interface Dialogue {

  /**
   * The command for a status, both as they are on the wire.
   *
   * @throws FormatException it is no status, so there is no answer
   */
  byte[] answer(byte[] status) throws FormatException, InterruptedException;
}
