package io.github.childconnector.thinedge.v1;

import io.github.childconnector.operation.OperationKey;
import java.util.Optional;

/**
 * A command whose requester has not cleared it yet, as far as it was seen.
 *
 * @param said the state that was last said of it; empty if none was
 */
public record KeptCommand(OperationKey key, Command command, Optional<CommandState> said) {}
