package io.github.childconnector.update;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import java.time.Duration;

/**
 * The receiver of the engine's reports. Each call returns when its receiver has the report for
 * certain, or false if that is not known and it must be made again.
 */
public interface StatusSink {

  /** Reports that an operation is under way. */
  boolean executing(OperationKey operation) throws InterruptedException;

  /** Reports how an operation has ended. */
  boolean ended(OperationKey operation, Outcome outcome) throws InterruptedException;

  /** The pace at which operations of one child are to be spoken of. */
  default Pacing pacing() {
    return Pacing.FREE;
  }

  /**
   * The pace at which operations of one child are spoken of. A receiver that knows them by their
   * order alone must hear of the next one only when it is done with the one before.
   *
   * @param pause how long nothing is said of the next operation after an end was told; zero where
   *     the receiver tells operations apart
   * @param patience how long nothing at all need be said of an operation
   */
  record Pacing(Duration pause, Duration patience) {
    /** Speaks of every operation at once. */
    public static final Pacing FREE = new Pacing(Duration.ZERO, Duration.ZERO);

    boolean isFree() {
      return pause.isZero();
    }
  }
}
