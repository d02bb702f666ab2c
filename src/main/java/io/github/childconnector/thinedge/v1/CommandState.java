package io.github.childconnector.thinedge.v1;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Outcome;
import java.util.Optional;

/**
 * A word about a command, and the reason for it.
 *
 * @param reason why it failed, made one line of at most {@value Failure#MAX_REASON_BYTES} bytes,
 *     beyond which thin-edge's mapper fails where a character has several; empty for what did not
 *     fail
 */
public record CommandState(OperationStatus status, Optional<String> reason) {
  /** Says that a command is under way. */
  public static final CommandState EXECUTING =
      new CommandState(OperationStatus.EXECUTING, Optional.empty());

  /** Shortens the reason, and drops that of what did not fail. */
  public CommandState {
    reason =
        reason
            .filter(why -> status == OperationStatus.FAILED)
            .map(Failure::reason)
            .filter(why -> !why.isEmpty());
  }

  /** Says how a command ended. */
  public static CommandState of(Outcome outcome) {
    return new CommandState(outcome.status(), outcome.failure().map(Failure::reason));
  }
}
