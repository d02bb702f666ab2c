package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;

/**
 * An adapter's capability to make an installation final once it has shown itself: until then the
 * device, or what flashes it, still could go back.
 *
 * <p>Called after the device was seen to run the requested version, or after {@code install} where
 * the adapter cannot see versions, and before the update is successful. It is called again for the
 * same update when the connector was stopped in the middle of it or right after it, so it must be
 * possible to commit twice.
 */
public interface Commitment {

  /**
   * Makes the installation final.
   *
   * @throws UpdateException it could not be; the update fails, and is rolled back where that is
   *     possible
   */
  void commit(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException;
}
