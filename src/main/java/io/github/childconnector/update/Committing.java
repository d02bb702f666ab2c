package io.github.childconnector.update;

import io.github.childconnector.adapter.Commitment;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/**
 * Makes a proven installation final, where the adapter has something to do for that. The journal
 * still has the stage before, so a process that dies here finds the proof again, and commits again.
 */
final class Committing {
  private final TimeLimit limit;

  Committing(MonotonicClock clock) {
    this.limit = new TimeLimit(clock);
  }

  Transition commit(Operation operation) throws InterruptedException {
    Optional<Commitment> commitment = operation.child().adapter().commitment();
    return commitment.isPresent()
        ? commit(commitment.get(), operation)
        : Transition.to(Stage.SUCCESSFUL);
  }

  private Transition commit(Commitment commitment, Operation operation)
      throws InterruptedException {
    try {
      limit.call(operation.child().installTimeout(), () -> run(commitment, operation));
      return Transition.to(Stage.SUCCESSFUL);
    } catch (UpdateException e) {
      return fail(operation, e.failure());
    } catch (TimeLimit.Exceeded e) {
      return fail(operation, timeout(operation));
    }
  }

  private static boolean run(Commitment commitment, Operation operation)
      throws UpdateException, InterruptedException {
    commitment.commit(operation.update(), EventLog.installing(operation));
    return true;
  }

  private static Transition fail(Operation operation, Failure failure) {
    boolean canRestore = operation.child().adapter().rollback().isPresent();
    return Transition.to(canRestore ? Stage.ROLLING_BACK : Stage.FAILED, failure);
  }

  private static Failure timeout(Operation operation) {
    return new Failure(
        FailureCode.INSTALL_TIMEOUT,
        "The device runs the firmware, but to make that final took longer than install_timeout (%s) and was stopped. Check the device, or raise install_timeout."
            .formatted(DurationText.write(operation.child().installTimeout())));
  }
}
