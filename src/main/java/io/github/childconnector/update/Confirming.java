package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.DeviceCalls.Reading;
import io.github.childconnector.update.Operation.Transition;

/** Asks the device again and again until it runs the new version, and makes that final. */
final class Confirming {
  private final UpdateSettings settings;
  private final MonotonicClock clock;

  Confirming(UpdateSettings settings, MonotonicClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Transition work(Operation operation) throws InterruptedException {
    return isInstalledUnseen(operation) ? commit(operation) : confirm(operation);
  }

  /**
   * Tells whether the return of the installation is all there is to go by: nobody sees versions.
   */
  private static boolean isInstalledUnseen(Operation operation) {
    DeviceAdapter adapter = operation.child().adapter();
    return !operation.device().canSee()
        && adapter.commitment().isPresent()
        && operation.entry().failure().isEmpty();
  }

  private Transition confirm(Operation operation) throws InterruptedException {
    Deadline deadline = Deadline.after(operation.child().confirmTimeout(), clock);
    while (true) {
      // The last reading begins when the time is up: one before it may have slept with the machine.
      boolean isLast = deadline.expired();
      Reading reading = operation.device().ask(operation.update()).orElse(unseen());
      if (reading.isWanted()) {
        return commit(operation);
      }
      if (isLast) {
        return operation.afterFailure(unconfirmed(operation).with(reading.sentence()));
      }
      clock.sleep(deadline.atMost(settings.confirmInterval()));
    }
  }

  private static Reading unseen() {
    return new Reading(false, "The child's adapter is no longer configured to read the version.");
  }

  private static Failure unconfirmed(Operation operation) {
    return operation
        .entry()
        .failure()
        .orElseGet(
            () ->
                new Failure(
                    FailureCode.NOT_CONFIRMED,
                    "The device was not seen to run version %s within confirm_timeout (%s)."
                        .formatted(
                            operation.update().firmware().version(),
                            DurationText.write(operation.child().confirmTimeout()))));
  }

  /**
   * Makes a proven installation final, where the adapter has something to do for that. The journal
   * still has the stage before, so a process that dies here finds the proof again, and commits
   * again.
   */
  static Transition commit(Operation operation) throws InterruptedException {
    try {
      operation.device().commit(operation.update(), EventLog.installing(operation));
      return Transition.to(Stage.SUCCESSFUL);
    } catch (UpdateException e) {
      return operation.afterFailure(e.failure());
    } catch (DeviceCalls.Exceeded e) {
      return operation.afterFailure(timeout(operation));
    }
  }

  private static Failure timeout(Operation operation) {
    return new Failure(
        FailureCode.INSTALL_TIMEOUT,
        "The device runs the firmware, but to make that final took longer than install_timeout (%s) and was stopped. Check the device, or raise install_timeout."
            .formatted(DurationText.write(operation.child().installTimeout())));
  }
}
