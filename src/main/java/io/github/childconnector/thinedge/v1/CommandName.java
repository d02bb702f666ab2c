package io.github.childconnector.thinedge.v1;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.Optional;

/**
 * The child that a command is for, and the id that its requester gave it, which may be any level of
 * a topic. Samples of ids: {@code c8y-mapper-4711}, {@code sub:device_profile:c8y-mapper-12}.
 */
public record CommandName(ChildId child, String id) {
  /** The operation of that name; empty if operations cannot have such an id. */
  public Optional<OperationKey> key() {
    return OperationKey.isValidId(id) ? Optional.of(new OperationKey(child, id)) : Optional.empty();
  }
}
