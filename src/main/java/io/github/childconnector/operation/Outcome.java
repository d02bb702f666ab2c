package io.github.childconnector.operation;

import java.util.Optional;

/**
 * How an operation ended.
 *
 * @param failure why it failed; empty where the device runs the firmware, or the adapter declared
 *     that it cannot see what it runs
 * @param notice what is to be said of a success, for example that nothing had to be flashed
 */
public record Outcome(Optional<Failure> failure, Optional<String> notice) {
  /** The status that thin-edge is told. */
  public OperationStatus status() {
    return failure.isPresent() ? OperationStatus.FAILED : OperationStatus.SUCCESSFUL;
  }
}
