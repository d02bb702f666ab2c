package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.FormatException;
import java.util.Optional;

/** Answers the statuses of one device, whichever way they come. Safe for threads. */
interface Dialogue {

  /**
   * The command for a status, both as they are on the wire.
   *
   * @throws FormatException it is no status, so there is no answer
   */
  byte[] answer(byte[] status) throws FormatException, InterruptedException;

  /**
   * The same where statuses may be delivered twice: empty for a copy of the last one, because a
   * device that gets a block twice counts it twice.
   */
  default Optional<byte[]> answerOnce(byte[] status) throws FormatException, InterruptedException {
    return Optional.of(answer(status));
  }
}
