package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/**
 * What a device can take at all. Who gets more does not say so, but stops in the middle.
 *
 * @param maxVersion in bytes, the longest version
 * @param capacity in bytes, the largest image; empty if it is not known
 */
record ImageLimits(int maxVersion, Optional<Long> capacity) {
  private static final long LARGEST = 0xFFFF_FFFFL;

  /**
   * Refuses what cannot end well.
   *
   * @param sent bytes of the image and its padding
   */
  void check(DeviceVersion version, FirmwareImage image, long sent) throws UpdateException {
    if (version.length() > maxVersion) {
      throw refused(
          "The version %s has %d bytes and the device has room for %d (max_version). Give the firmware a shorter version."
              .formatted(version, version.length(), maxVersion));
    }
    if (image.size() == 0) {
      throw refused("The image is empty. Upload the firmware again.");
    }
    if (sent > capacity.orElse(LARGEST)) {
      throw refused(
          "The image has %d bytes, with its padding, and the device has room for %d (capacity). Build a smaller one."
              .formatted(sent, capacity.orElse(LARGEST)));
    }
  }

  private static UpdateException refused(String sentence) {
    return new UpdateException(FailureCode.INSTALL_FAILED, sentence);
  }
}
