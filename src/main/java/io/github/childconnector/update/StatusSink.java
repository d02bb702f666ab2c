package io.github.childconnector.update;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import java.util.Optional;

/** Where the engine's reports go. */
public interface StatusSink {

  /**
   * Reports a status and returns when its receiver has it for certain.
   *
   * @param failure why, with {@link OperationStatus#FAILED} only
   * @return false if it is not known to have arrived and must be reported again
   */
  boolean report(OperationKey operation, OperationStatus status, Optional<Failure> failure)
      throws InterruptedException;
}
