package io.github.childconnector.update;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/** Does the work of whichever stage an operation is in. */
final class UpdateWorker {
  private final TimeLimit limit;
  private final VersionProbe probe;
  private final Fetching fetching;
  private final Installing installing;
  private final Confirming confirming;
  private final RollingBack rollingBack;

  UpdateWorker(UpdateSettings settings, Ports ports) {
    this.limit = new TimeLimit(ports.clock());
    this.probe = new VersionProbe(ports.clock());
    this.fetching = new Fetching(ports.images());
    this.installing = new Installing(settings, ports.clock(), probe);
    this.confirming = new Confirming(settings, ports.clock(), probe);
    this.rollingBack = new RollingBack(ports.clock(), probe);
  }

  /** The next stage, and never an exception but the interrupt: a fault ends the operation. */
  Transition work(Operation operation) throws InterruptedException {
    try {
      return listed(operation, workOn(operation));
    } catch (RuntimeException | Error fault) {
      return fault(operation, fault);
    }
  }

  static Transition fault(Operation operation, Throwable fault) {
    EventLog.fault(operation, fault);
    return Transition.to(Stage.FAILED, EventLog.internal(fault));
  }

  private static Transition listed(Operation operation, Transition transition) {
    operation.entry().requireFollower(transition.next());
    return transition;
  }

  private Transition workOn(Operation operation) throws InterruptedException {
    if (operation.isCutOff() && mayHaveLeftovers(operation)) {
      endLeftovers(operation);
    }
    return switch (operation.stage()) {
      case QUEUED -> Transition.to(Stage.CHECKING);
      case CHECKING -> check(operation);
      case FETCHING -> fetching.fetch(operation);
      case READY -> fetching.present(operation);
      case INSTALLING -> installing.work(operation);
      case CONFIRMING -> confirming.work(operation);
      case ROLLING_BACK -> rollingBack.work(operation);
      case SUCCESSFUL, FAILED -> throw new IllegalStateException(operation.key() + " has ended");
    };
  }

  private static boolean mayHaveLeftovers(Operation operation) {
    boolean commits = operation.child().adapter().commitment().isPresent();
    return operation.stage().restart() != Stage.Restart.RESUME
        || (operation.stage() == Stage.CONFIRMING && commits);
  }

  /** A flasher may have outlived the connector that started it; two must never be at one device. */
  private void endLeftovers(Operation operation) throws InterruptedException {
    try {
      limit.call(
          operation.child().installTimeout(),
          () -> {
            operation.child().adapter().endLeftovers(operation.update());
            return true;
          });
    } catch (UpdateException | TimeLimit.Exceeded e) {
      EventLog.note(operation, "What was left at work could not be ended: " + e.getMessage());
    }
  }

  /** A device that runs the firmware already is left alone. */
  private Transition check(Operation operation) throws InterruptedException {
    boolean canSee = operation.child().adapter().versionReader().isPresent();
    if (canSee && operation.update().firmware().version().isBlank()) {
      return Transition.to(Stage.FAILED, noVersion());
    }
    Optional<VersionProbe.Reading> reading = probe.ask(operation);
    boolean installed = reading.isPresent() && reading.get().isWanted();
    reading.ifPresent(answer -> EventLog.note(operation, answer.sentence()));
    return installed ? Transition.to(Stage.SUCCESSFUL) : fetching.admit(operation);
  }

  private static Failure noVersion() {
    return new Failure(
        FailureCode.REQUEST_INVALID,
        "The firmware has no version, so the device could never be seen to run it. Give the"
            + " firmware a version in the cloud.");
  }
}
