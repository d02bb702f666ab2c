package io.github.childconnector.update;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import java.time.Duration;

/**
 * A way by which requests come, as the engine sees it: who has to be told what becomes of them.
 * Each call returns when the requester has the report for certain, or false if that is not known
 * and it must be made again.
 */
public interface Requester {
  /** A time that never passes. */
  Duration ANY_TIME = Duration.ofDays(36_500);

  /** The word for it in the journal, for example {@code legacy}. */
  String name();

  /**
   * Reports that an operation is under way.
   *
   * @param request the child and the id that this requester gave
   */
  boolean executing(OperationKey request) throws InterruptedException;

  /** Reports how an operation has ended. */
  boolean ended(OperationKey request, Outcome outcome) throws InterruptedException;

  /**
   * How long after its end an operation that came by another way may be the one that a request of
   * this requester means; later ones are new. By default, however late.
   */
  default Duration pairing() {
    return ANY_TIME;
  }

  /** The pace at which operations of one child are to be spoken of. */
  default Pacing pacing() {
    return Pacing.FREE;
  }

  /**
   * The pace at which operations of one child are spoken of. A requester that knows them by their
   * order alone must hear of the next one only when it is done with the one before.
   *
   * @param pause how long nothing is said of the next operation after an end was told; zero where
   *     operations are told apart
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
