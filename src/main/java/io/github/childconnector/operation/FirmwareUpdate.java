package io.github.childconnector.operation;

/**
 * A valid request: bring this firmware, whose image lies at {@code url} and has this digest, to the
 * child of {@code key}.
 *
 * @param isForced whether it is installed although the device seems to run it already
 */
public record FirmwareUpdate(
    OperationKey key, Firmware firmware, Sha256 digest, String url, boolean isForced) {

  /** A request that leaves a device alone that runs the firmware already. */
  public FirmwareUpdate(OperationKey key, Firmware firmware, Sha256 digest, String url) {
    this(key, firmware, digest, url, false);
  }
}
