package io.github.childconnector.update;

import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.Operation.Transition;

/** Restores the old firmware; whatever comes of it, the operation has failed. */
final class RollingBack {
  private RollingBack() {}

  static Transition work(Operation operation) throws InterruptedException {
    Failure failure = operation.entry().failure().orElseGet(RollingBack::unknown);
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
          .map(RollingBack::sentence)
          .orElse("The old firmware was not restored.");
    } catch (UpdateException e) {
      return "Restoring the old firmware failed too: " + e.failure().sentence();
    } catch (DeviceCalls.Exceeded e) {
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
