package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Offering;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.DeviceCalls.Reading;
import io.github.childconnector.update.Operation.OpenOffer;
import io.github.childconnector.update.Operation.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Does the work of the stages at the device: installs, confirms, and rolls back. */
record DeviceWork(UpdateSettings settings, MonotonicClock clock) {
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
    Child child = operation.child();
    try {
      Installation installation =
          new Installation(operation.update(), operation.image().orElseThrow());
      Offering.Standing offer =
          operation
              .device()
              .offer(
                  offering, installation, EventLog.installing(operation), operation.rest()::wake);
      OpenOffer standing =
          new OpenOffer(
              offer,
              Deadline.after(offering.patience(), clock),
              Deadline.after(child.installTimeout(), clock));
      operation.offers(standing);
      noteFirst(operation, offering.patience());
      return awaitDevice(operation, standing);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    } catch (TimeoutException e) {
      return Transition.to(Stage.FAILED, installTimeout(operation, "To offer the image took"));
    }
  }

  private static void noteFirst(Operation operation, Duration patience) {
    if (operation.busy().isEmpty()) {
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
    boolean isLate = standing.patience().expired() || standing.limit().expired();
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
            standing.limit().atMost(standing.patience().remaining()),
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
      operation.device().install(installation, EventLog.installing(operation));
      return believe(operation);
    } catch (DeviceBusyException e) {
      return waitFor(operation, e);
    } catch (TimeoutException e) {
      return doubt(operation, installTimeout(operation, "The installation took"));
    } catch (UpdateException e) {
      return fail(operation, e.failure());
    }
  }

  private static Transition awaitEnd(Operation operation, OpenOffer standing)
      throws InterruptedException {
    boolean isLate = standing.limit().expired();
    if (!standing.offer().isOver() && !isLate) {
      return Transition.rest(
          Stage.INSTALLING,
          standing.limit().remaining(),
          new Wait(Wait.Kind.DEVICE, "the device takes the image by itself"));
    }
    operation.closeOffer();
    if (!standing.offer().isOver()) {
      return doubt(operation, installTimeout(operation, "The installation took"));
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
    if (operation.busy().isEmpty()) {
      operation.busyUntil(Deadline.after(settings.busyTimeout(), clock));
      EventLog.note(
          operation,
          "The device is busy and is tried again every %s for %s: %s"
              .formatted(
                  DurationText.write(settings.busyRetry()),
                  DurationText.write(settings.busyTimeout()),
                  busy.getMessage()));
    }
    return operation.busy().get().expired()
        ? Transition.to(Stage.FAILED, tooBusy(busy))
        : Transition.later(Stage.READY, settings.busyRetry());
  }

  private Failure tooBusy(DeviceBusyException busy) {
    return new Failure(
        FailureCode.DEVICE_BUSY,
        "The device was busy for longer than updates.busy_timeout (%s): %s. Send the update again when it is free."
            .formatted(DurationText.write(settings.busyTimeout()), busy.getMessage()));
  }

  private static Failure installTimeout(Operation operation, String what) {
    return new Failure(
        FailureCode.INSTALL_TIMEOUT,
        "%s longer than install_timeout (%s) and was stopped. Check the device, or raise install_timeout."
            .formatted(what, DurationText.write(operation.child().installTimeout())));
  }

  /** Asks the device, which alone knows what came of a stage that an earlier process began. */
  private Transition decide(Operation operation) throws InterruptedException {
    Optional<Reading> reading = operation.device().ask(operation.update());
    if (reading.isPresent() && reading.get().isWanted()) {
      return commit(operation);
    }
    boolean repeatable = operation.child().adapter().isRepeatable();
    if (repeatable && operation.entry().interruptions() < MAX_REPETITIONS) {
      EventLog.note(operation, "The installation was cut off and is done again");
      return Transition.again(Stage.READY);
    }
    return doubt(operation, cutOff());
  }

  private static Failure cutOff() {
    return new Failure(
        FailureCode.INTERRUPTED,
        "The connector stopped in the middle of the installation. Check the device, then send the"
            + " update again.");
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
        operation.confirming(Deadline.after(operation.child().confirmTimeout(), clock));
    // The last reading begins when the time is up: one before it may have slept with the machine.
    boolean isLast = deadline.expired();
    Reading reading = operation.device().ask(operation.update()).orElse(unseen());
    if (reading.isWanted()) {
      return commit(operation);
    }
    if (isLast) {
      return operation.afterFailure(unconfirmed(operation).with(reading.sentence()));
    }
    return Transition.rest(
        Stage.CONFIRMING,
        deadline.atMost(settings.confirmInterval()),
        new Wait(Wait.Kind.DEVICE, reading.sentence()));
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
                    "The device was not seen to run version %s within confirm_timeout (%s). See whether it starts its new firmware; if it needs longer, raise confirm_timeout."
                        .formatted(
                            operation.update().firmware().version(),
                            DurationText.write(operation.child().confirmTimeout()))));
  }

  /**
   * Makes a proven installation final, where the adapter has something to do for that. The journal
   * still has the stage before, so a process that dies here finds the proof again, and commits
   * again.
   */
  private static Transition commit(Operation operation) throws InterruptedException {
    try {
      operation.device().commit(operation.update(), EventLog.installing(operation));
      return Transition.to(Stage.SUCCESSFUL);
    } catch (UpdateException e) {
      return operation.afterFailure(e.failure());
    } catch (TimeoutException e) {
      return operation.afterFailure(
          installTimeout(operation, "The device runs the firmware, but to make that final took"));
    }
  }

  /** Restores the old firmware; whatever comes of it, the operation has failed. */
  static Transition rollBack(Operation operation) throws InterruptedException {
    Failure failure = operation.entry().failure().orElseGet(DeviceWork::unknown);
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

  private static Failure unknown() {
    return new Failure(FailureCode.INSTALL_FAILED, "The installation failed.");
  }
}
