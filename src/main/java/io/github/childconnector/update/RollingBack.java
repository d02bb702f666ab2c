package io.github.childconnector.update;

import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/** Restores the old firmware; whatever comes of it, the operation has failed. */
final class RollingBack implements StageWork {
  private final TimeLimit limit;
  private final VersionProbe probe;

  RollingBack(MonotonicClock clock, VersionProbe probe) {
    this.limit = new TimeLimit(clock);
    this.probe = probe;
  }

  @Override
  public Transition work(Operation operation) throws InterruptedException {
    Failure failure = operation.entry().failure().orElseGet(RollingBack::unknown);
    String result =
        operation.isCutOff()
            ? "The connector stopped while the old firmware was restored; check the device."
            : restore(operation);
    return Transition.to(Stage.FAILED, probe.describe(operation, failure.with(result)));
  }

  private String restore(Operation operation) throws InterruptedException {
    Optional<Rollback> rollback = operation.child().adapter().rollback();
    if (rollback.isEmpty()) {
      return "The old firmware was not restored.";
    }
    try {
      return limit.call(
          operation.child().installTimeout(), () -> sentence(restore(rollback.get(), operation)));
    } catch (UpdateException e) {
      return "Restoring the old firmware failed too: " + e.failure().sentence();
    } catch (TimeLimit.Exceeded e) {
      return "Restoring the old firmware took longer than install_timeout and was stopped.";
    }
  }

  private static Rollback.Result restore(Rollback rollback, Operation operation)
      throws UpdateException, InterruptedException {
    return rollback.restore(operation.update(), EventLog.installing(operation));
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
