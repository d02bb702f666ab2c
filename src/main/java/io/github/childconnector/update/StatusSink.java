package io.github.childconnector.update;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;

/**
 * The receiver of the engine's reports. Each call returns when its receiver has the report for
 * certain, or false if that is not known and it must be made again.
 */
public interface StatusSink {

  /** Reports that an operation is under way. */
  boolean executing(OperationKey operation) throws InterruptedException;

  /** Reports how an operation has ended. */
  boolean ended(OperationKey operation, Outcome outcome) throws InterruptedException;
}
