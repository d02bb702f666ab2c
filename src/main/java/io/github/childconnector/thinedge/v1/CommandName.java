package io.github.childconnector.thinedge.v1;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.Optional;

/**
 * The child that a command is for, and the id that its requester gave it, which may be any level of
 * a topic. Samples of ids: {@code c8y-mapper-4711}, {@code sub:device_profile:c8y-mapper-12}.
 */
public record CommandName(ChildId child, String id) {
  /** The begin of the ids of such operations, which are no other requester's. */
  private static final String PREFIX = "v1:";

  /** The operation of that name; empty if operations cannot have such an id. */
  public Optional<OperationKey> key() {
    String operation = PREFIX + id;
    return OperationKey.isValidId(operation)
        ? Optional.of(new OperationKey(child, operation))
        : Optional.empty();
  }

  /** The command of an operation; empty if it was not made by one. */
  static Optional<CommandName> of(OperationKey key) {
    return key.id().startsWith(PREFIX)
        ? Optional.of(new CommandName(key.child(), key.id().substring(PREFIX.length())))
        : Optional.empty();
  }
}
