package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.Operation.Transition;
import java.util.Optional;

/** Lets the adapter put the image on the device. */
final class Installing {
  /** An installation that stops its own gateway each time must not do so for ever. */
  private static final int MAX_REPETITIONS = 3;

  private final UpdateSettings settings;
  private final MonotonicClock clock;

  Installing(UpdateSettings settings, MonotonicClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Transition work(Operation operation) throws InterruptedException {
    if (operation.isCutOff()) {
      return decide(operation);
    }
    try {
      Installation installation =
          new Installation(operation.update(), operation.image().orElseThrow());
      operation.device().install(installation, EventLog.installing(operation));
      return believe(operation);
    } catch (DeviceBusyException e) {
      return waitFor(operation, e);
    } catch (DeviceCalls.Exceeded e) {
      return doubt(operation, timeout(operation));
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

  private static Failure timeout(Operation operation) {
    return new Failure(
        FailureCode.INSTALL_TIMEOUT,
        "The installation took longer than install_timeout (%s) and was stopped. Check the device, or raise install_timeout."
            .formatted(DurationText.write(operation.child().installTimeout())));
  }

  /** After a stage that an earlier process began, only the device knows what happened. */
  private Transition decide(Operation operation) throws InterruptedException {
    Optional<DeviceCalls.Reading> reading = operation.device().ask(operation.update());
    if (reading.isPresent() && reading.get().isWanted()) {
      return Confirming.commit(operation);
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
}
