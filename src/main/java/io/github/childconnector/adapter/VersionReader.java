package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;

/** An adapter's capability to see which version its device runs. */
public interface VersionReader {

  /**
   * The version the device runs now, as compared for equality with the requested one.
   *
   * @param update the operation for which it is asked
   * @throws UpdateException the device did not answer, or not with a version
   */
  String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException;
}
