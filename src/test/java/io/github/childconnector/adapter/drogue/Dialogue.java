package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;

/** Answers statuses in place of the connector, both as they are on the wire. */
interface Dialogue {
  byte[] answer(byte[] status) throws FormatException, InterruptedException;
}
