package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;

/** An adapter's capability to put back what the device ran before a failed installation. */
public interface Rollback {

  /** How the device was left. */
  enum Result {
    /** The device has its old firmware again. */
    RESTORED,
    /** The installation failed before it came to the device, which has its old firmware still. */
    UNTOUCHED
  }

  /**
   * Restores the old firmware.
   *
   * @throws UpdateException it could not be restored; says why
   */
  Result restore(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException;
}
