package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;

/** An adapter's capability to put back what the device ran before a failed installation. */
public interface Rollback {

  /** Restores the old firmware. */
  void restore(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException;
}
