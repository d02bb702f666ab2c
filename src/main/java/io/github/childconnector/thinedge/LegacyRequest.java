package io.github.childconnector.thinedge;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import java.util.Optional;

/** What a received payload turned out to be. */
sealed interface LegacyRequest {

  /** A request that can be carried out. */
  record Valid(FirmwareUpdate update) implements LegacyRequest {}

  /**
   * A request that cannot.
   *
   * @param key what to answer to; empty if no id could be read that is safe to repeat
   */
  record Refused(Optional<OperationKey> key, Failure why) implements LegacyRequest {}
}
