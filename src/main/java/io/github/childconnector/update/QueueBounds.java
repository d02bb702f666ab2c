package io.github.childconnector.update;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.util.Optional;

/** The bounds on the operations that are under way, nearly all of them waiting for their turn. */
final class QueueBounds {
  /**
   * The most of one child: far more than anybody sends in earnest, and with {@link #ALL} few enough
   * that what memory keeps of each (about 1 KiB) fits into the heap of a small gateway.
   */
  static final int CHILD = 10_000;

  /** The most of all children, so that one leaves room to the others. */
  static final int ALL = 12_000;

  private QueueBounds() {}

  /**
   * Tells why no more is taken.
   *
   * @param ofChild how many of its child are under way
   * @param ofAll how many are under way in all
   */
  static Optional<Failure> refusal(long ofChild, long ofAll) {
    if (ofChild < CHILD && ofAll < ALL) {
      return Optional.empty();
    }
    String whose = ofChild >= CHILD ? "this child" : "all children";
    return Optional.of(
        new Failure(
            FailureCode.QUEUE_FULL,
            "Too many updates of %s wait for their turn already (at most %d of a child, %d in all). Send the update again when some have ended."
                .formatted(whose, CHILD, ALL)));
  }
}
