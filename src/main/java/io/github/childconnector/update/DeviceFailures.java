package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.time.Duration;

/** Says why the work at a device failed, where it is the engine that ends it. */
final class DeviceFailures {
  private DeviceFailures() {}

  static Failure tooBusy(Duration limit, DeviceBusyException busy) {
    return new Failure(
        FailureCode.DEVICE_BUSY,
        "The device was busy for longer than updates.busy_timeout (%s): %s. Send the update again when it is free."
            .formatted(DurationText.write(limit), busy.getMessage()));
  }

  static Failure installTimeout(Operation operation) {
    boolean isOfMany = operation.isCutOff() || operation.entry().effort().interruptions() > 0;
    return installTimeout(
        operation,
        isOfMany
            ? "The installation, which restarts of the connector cut off, took"
            : "The installation took");
  }

  /**
   * Says the same of a part of an installation.
   *
   * @param what took too long, as the beginning of a sentence
   */
  static Failure installTimeout(Operation operation, String what) {
    return new Failure(
        FailureCode.INSTALL_TIMEOUT,
        "%s longer than install_timeout (%s) and was stopped. Check the device, or raise install_timeout."
            .formatted(what, DurationText.write(operation.child().installTimeout())));
  }

  static Failure cutOff() {
    return new Failure(
        FailureCode.INTERRUPTED,
        "The connector stopped in the middle of the installation. Check the device, then send the"
            + " update again.");
  }

  static Failure unconfirmed(Operation operation) {
    return new Failure(
        FailureCode.NOT_CONFIRMED,
        "The device was not seen to run version %s within confirm_timeout (%s). See whether it starts its new firmware; if it needs longer, raise confirm_timeout."
            .formatted(
                operation.update().firmware().version(),
                DurationText.write(operation.child().confirmTimeout())));
  }

  static Failure unknown() {
    return new Failure(FailureCode.INSTALL_FAILED, "The installation failed.");
  }
}
