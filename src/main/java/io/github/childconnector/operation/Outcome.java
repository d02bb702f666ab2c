package io.github.childconnector.operation;

import java.util.Optional;

/** How an operation ended. */
public sealed interface Outcome {

  /** The status that thin-edge is told. */
  OperationStatus status();

  /** Why it failed; empty where it did not. */
  Optional<Failure> failure();

  /** The device runs the firmware, or the adapter declared that it cannot see what it runs. */
  record Successful() implements Outcome {
    @Override
    public OperationStatus status() {
      return OperationStatus.SUCCESSFUL;
    }

    @Override
    public Optional<Failure> failure() {
      return Optional.empty();
    }
  }

  /** The device was not seen to run the firmware. */
  record Failed(Failure why) implements Outcome {
    @Override
    public OperationStatus status() {
      return OperationStatus.FAILED;
    }

    @Override
    public Optional<Failure> failure() {
      return Optional.of(why);
    }
  }
}
