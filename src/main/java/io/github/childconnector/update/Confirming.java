package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.VersionProbe.Reading;

/** Asks the device again and again until it runs the new version, and makes that final. */
final class Confirming implements StageWork {
  private final UpdateSettings settings;
  private final MonotonicClock clock;
  private final VersionProbe probe;
  private final Committing committing;

  Confirming(UpdateSettings settings, MonotonicClock clock, VersionProbe probe) {
    this.settings = settings;
    this.clock = clock;
    this.probe = probe;
    this.committing = new Committing(clock);
  }

  @Override
  public Transition work(Operation operation) throws InterruptedException {
    return isInstalledUnseen(operation) ? committing.commit(operation) : confirm(operation);
  }

  /** Where nobody can see versions, an installation that returned is all there is to go by. */
  private static boolean isInstalledUnseen(Operation operation) {
    DeviceAdapter adapter = operation.child().adapter();
    return adapter.versionReader().isEmpty()
        && adapter.commitment().isPresent()
        && operation.entry().failure().isEmpty();
  }

  private Transition confirm(Operation operation) throws InterruptedException {
    Deadline deadline = Deadline.after(operation.child().confirmTimeout(), clock);
    while (true) {
      // The last reading begins when the time is up: one before it may have slept with the machine.
      boolean isLast = deadline.expired();
      Reading reading = probe.ask(operation).orElse(unseen());
      if (reading.isWanted()) {
        return committing.commit(operation);
      }
      if (isLast) {
        return fail(operation, reading);
      }
      clock.sleep(deadline.atMost(settings.confirmInterval()));
    }
  }

  private static Reading unseen() {
    return new Reading(false, "The child's adapter is no longer configured to read the version.");
  }

  private static Transition fail(Operation operation, Reading reading) {
    Failure failure =
        operation
            .entry()
            .failure()
            .orElseGet(() -> unconfirmed(operation))
            .with(reading.sentence());
    boolean canRestore = operation.child().adapter().rollback().isPresent();
    return Transition.to(canRestore ? Stage.ROLLING_BACK : Stage.FAILED, failure);
  }

  private static Failure unconfirmed(Operation operation) {
    return new Failure(
        FailureCode.NOT_CONFIRMED,
        "The device was not seen to run version %s within confirm_timeout (%s)."
            .formatted(
                operation.update().firmware().version(),
                DurationText.write(operation.child().confirmTimeout())));
  }
}
