package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Offering;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.journal.Effort;
import io.github.childconnector.journal.Effort.Limit;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.DeviceCalls.Reading;
import io.github.childconnector.update.Operation.OpenOffer;
import io.github.childconnector.update.Operation.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Does the work of the stages at the device: installs, confirms, and rolls back. */
record DeviceWork(UpdateSettings settings, MonotonicClock clock, Timekeeper times) {
  /** An installation that stops its own gateway each time must not do so for ever. */
  private static final int MAX_REPETITIONS = 3;

  /** Begins with an image that was verified just now. */
  Transition begin(Operation operation) throws InterruptedException {
    Optional<Offering> offering = operation.child().adapter().offering();
    return offering.isPresent()
        ? offer(operation, offering.get())
        : Transition.to(Stage.INSTALLING);
  }

  private Transition offer(Operation operation, Offering offering) throws InterruptedException {
    try {
      Installation installation =
          new Installation(operation.update(), operation.image().orElseThrow());
      Offering.Standing offer =
          operation
              .device()
              .offer(
                  offering, installation, EventLog.installing(operation), operation.rest()::wake);
      OpenOffer standing = new OpenOffer(offer, Deadline.after(offering.patience(), clock));
      operation.offers(standing);
      noteFirst(operation, offering.patience());
      return awaitDevice(operation, standing);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    } catch (TimeoutException e) {
      return Transition.to(
          Stage.FAILED, DeviceFailures.installTimeout(operation, "To offer the image took"));
    }
  }

  private static void noteFirst(Operation operation, Duration patience) {
    if (!operation.isBusy()) {
      EventLog.note(
          operation,
          "Waiting for the device, which comes by itself, for " + DurationText.write(patience));
    }
  }

  /**
   * Waits for a device that has to come. Where others want its bus it lets them go first, and where
   * it does not come it is busy.
   */
  Transition awaitDevice(Operation operation, OpenOffer standing) {
    Offering.Standing offer = standing.offer();
    if (offer.isHeard()) {
      return Transition.to(Stage.INSTALLING);
    }
    boolean isLate = standing.patience().expired();
    if ((isLate || operation.isPressed()) && offer.withdraw()) {
      operation.closeOffer();
      return isLate
          ? waitFor(operation, new DeviceBusyException(offer.silence()))
          : Transition.later(Stage.READY, settings.busyRetry());
    }
    return offer.isHeard()
        ? Transition.to(Stage.INSTALLING)
        : Transition.rest(
            Stage.READY,
            standing.patience().remaining(),
            new Wait(Wait.Kind.DEVICE, "the device has to come by itself"));
  }

  /** Lets the adapter put the image on the device. */
  Transition install(Operation operation) throws InterruptedException {
    if (operation.isCutOff()) {
      return decide(operation);
    }
    if (operation.offer().isPresent()) {
      return awaitEnd(operation, operation.offer().get());
    }
    try {
      Installation installation =
          new Installation(operation.update(), operation.image().orElseThrow());
      Deadline end = times.beginAnew(operation, Limit.INSTALL, operation.child().installTimeout());
      operation.device().install(installation, EventLog.installing(operation), end.remaining());
      return believe(operation);
    } catch (DeviceBusyException e) {
      operation.times().drop(Limit.INSTALL);
      return waitFor(operation, e);
    } catch (TimeoutException e) {
      return doubt(operation, DeviceFailures.installTimeout(operation));
    } catch (UpdateException e) {
      return fail(operation, e.failure());
    }
  }

  private Transition awaitEnd(Operation operation, OpenOffer standing) throws InterruptedException {
    Deadline end = times.begin(operation, Limit.INSTALL, operation.child().installTimeout());
    boolean isLate = end.expired();
    if (!standing.offer().isOver() && !isLate) {
      return Transition.rest(
          Stage.INSTALLING,
          end.remaining(),
          new Wait(Wait.Kind.DEVICE, "the device takes the image by itself"));
    }
    operation.closeOffer();
    if (!standing.offer().isOver()) {
      return doubt(operation, DeviceFailures.installTimeout(operation));
    }
    try {
      standing.offer().requireSuccess();
      return believe(operation);
    } catch (UpdateException e) {
      return fail(operation, e.failure());
    }
  }

  private static Transition believe(Operation operation) {
    boolean canSee = operation.device().canSee();
    if (!canSee) {
      EventLog.note(operation, "Installed; which version the device runs cannot be seen");
    }
    boolean isFinal = !canSee && operation.child().adapter().commitment().isEmpty();
    return Transition.to(isFinal ? Stage.SUCCESSFUL : Stage.CONFIRMING);
  }

  private Transition waitFor(Operation operation, DeviceBusyException busy) {
    boolean isFirst = !operation.isBusy();
    Deadline end = times.begin(operation, Limit.BUSY, settings.busyTimeout());
    if (isFirst) {
      EventLog.note(
          operation,
          "The device is busy and is tried again every %s for %s: %s"
              .formatted(
                  DurationText.write(settings.busyRetry()),
                  DurationText.write(settings.busyTimeout()),
                  busy.getMessage()));
    }
    return end.expired()
        ? Transition.to(Stage.FAILED, DeviceFailures.tooBusy(settings.busyTimeout(), busy))
        : Transition.later(Stage.READY, settings.busyRetry());
  }

  /** Asks the device, which alone knows what came of a stage that an earlier process began. */
  private Transition decide(Operation operation) throws InterruptedException {
    Optional<Reading> reading = operation.device().ask(operation.update());
    if (reading.isPresent() && reading.get().isWanted()) {
      return commit(operation);
    }
    if (!operation.child().adapter().isRepeatable()) {
      return doubt(operation, DeviceFailures.cutOff());
    }
    if (operation.times().rest(Limit.INSTALL, operation.child().installTimeout()).isZero()) {
      return doubt(operation, DeviceFailures.installTimeout(operation));
    }
    if (!mayRepeat(operation)) {
      return doubt(operation, DeviceFailures.cutOff());
    }
    EventLog.note(operation, "The installation was cut off and is done again");
    operation.times().reset(Limit.BUSY);
    return Transition.again(Stage.READY);
  }

  /**
   * A device that takes the image by itself does not stop its gateway: where restarts leave it some
   * time, that time is its limit.
   */
  private static boolean mayRepeat(Operation operation) {
    Effort effort = operation.effort();
    Duration interval = Timekeeper.interval(operation.child().installTimeout());
    boolean isLasting =
        effort.within(Limit.INSTALL).compareTo(interval.multipliedBy(effort.interruptions())) > 0;
    boolean comes = operation.child().adapter().offering().isPresent();
    return effort.interruptions() < MAX_REPETITIONS || (comes && isLasting);
  }

  /** The device may yet come up with the new version; where that can be seen, it decides. */
  private static Transition doubt(Operation operation, Failure failure)
      throws InterruptedException {
    return operation.device().canSee()
        ? Transition.to(Stage.CONFIRMING, failure)
        : fail(operation, failure);
  }

  private static Transition fail(Operation operation, Failure failure) throws InterruptedException {
    Transition next = operation.afterFailure(failure);
    return next.next().isEnd()
        ? Transition.to(next.next(), operation.device().describe(operation.update(), failure))
        : next;
  }

  /** Asks the device until it runs the new version, and makes that final. */
  Transition confirm(Operation operation) throws InterruptedException {
    return isInstalledUnseen(operation) ? commit(operation) : askUntilSeen(operation);
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

  private Transition askUntilSeen(Operation operation) throws InterruptedException {
    Deadline deadline =
        times.beginAnew(operation, Limit.CONFIRM, operation.child().confirmTimeout());
    // The last reading begins when the time is up: one before it may have slept with the machine.
    boolean isLast = deadline.expired();
    Reading reading = operation.device().ask(operation.update()).orElse(unseen());
    if (reading.isWanted()) {
      return commit(operation);
    }
    if (isLast) {
      return operation.afterFailure(pending(operation).with(reading.sentence()));
    }
    return Transition.rest(
        Stage.CONFIRMING,
        deadline.atMost(settings.confirmInterval()),
        new Wait(Wait.Kind.DEVICE, reading.sentence()));
  }

  private static Failure pending(Operation operation) {
    return operation.entry().failure().orElseGet(() -> DeviceFailures.unconfirmed(operation));
  }

  private static Reading unseen() {
    return new Reading(false, "The child's adapter is no longer configured to read the version.");
  }

  /**
   * Makes a proven installation final, where the adapter has something to do for that. The journal
   * still has the stage before, so a process that dies here finds the proof again, and commits
   * again.
   */
  private Transition commit(Operation operation) throws InterruptedException {
    if (operation.child().adapter().commitment().isEmpty()) {
      return Transition.to(Stage.SUCCESSFUL);
    }
    Deadline end = times.beginAnew(operation, Limit.COMMIT, operation.child().installTimeout());
    try {
      operation
          .device()
          .commit(operation.update(), EventLog.installing(operation), end.remaining());
      return Transition.to(Stage.SUCCESSFUL);
    } catch (UpdateException e) {
      return operation.afterFailure(e.failure());
    } catch (TimeoutException e) {
      return operation.afterFailure(
          DeviceFailures.installTimeout(
              operation, "The device runs the firmware, but to make that final took"));
    }
  }

  /** Restores the old firmware; whatever comes of it, the operation has failed. */
  static Transition rollBack(Operation operation) throws InterruptedException {
    Failure failure = operation.entry().failure().orElseGet(DeviceFailures::unknown);
    String result =
        operation.isCutOff()
            ? "The connector stopped while the old firmware was restored; check the device."
            : restore(operation);
    return Transition.to(
        Stage.FAILED, operation.device().describe(operation.update(), failure.with(result)));
  }

  private static String restore(Operation operation) throws InterruptedException {
    try {
      return operation
          .device()
          .restore(operation.update(), EventLog.installing(operation))
          .map(DeviceWork::sentence)
          .orElse("The old firmware was not restored.");
    } catch (UpdateException e) {
      return "Restoring the old firmware failed too: " + e.failure().sentence();
    } catch (TimeoutException e) {
      return "Restoring the old firmware took longer than install_timeout and was stopped.";
    }
  }

  private static String sentence(Rollback.Result result) {
    return switch (result) {
      case RESTORED -> "The old firmware was restored.";
      case UNTOUCHED -> "The device was not touched and keeps its old firmware.";
    };
  }
}
