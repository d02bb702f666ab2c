package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A child's {@code [child.drogue]} table; the package documentation has a sample.
 *
 * @param address where the device is to be found
 * @param directory where the connector remembers what was sent to devices
 * @param blocks in which pieces an image is sent
 * @param maxVersion in bytes, the longest version that the device has room for
 * @param capacity in bytes, the largest image that it has room for; empty if it is not known
 * @param attempts how often the device may run the old version again
 * @param pollTimeout how long an update waits for the device to say anything
 */
record DrogueSettings(
    DeviceAddress address,
    Path directory,
    BlockRules blocks,
    int maxVersion,
    Optional<Long> capacity,
    int attempts,
    Duration pollTimeout) {

  private static final long LARGEST = 0xFFFF_FFFFL;

  /**
   * Refuses what cannot end well: a device that gets more than it can take does not say so, but
   * stops in the middle.
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

  /**
   * The pieces in which an image is sent.
   *
   * @param largest bytes of one block at the most, whatever the device says
   * @param alignment what the length of each block is a multiple of, but for the last
   * @param padding the byte with which the last is filled up; empty if it is not
   */
  record BlockRules(int largest, int alignment, Optional<Byte> padding) {
    /** Bytes that a device takes if it does not say how many. */
    private static final long USUAL_MTU = 512;

    /** How many bytes are in a block for a device; 0 if none can be. */
    int length(Optional<Long> mtu) {
      long most = Math.min(mtu.orElse(USUAL_MTU), largest);
      return (int) (most - most % alignment);
    }

    /** Reads a block of an image, and of the padding behind it. */
    ByteBuffer read(FirmwareImage image, long offset, int length) throws IOException {
      byte[] block = new byte[length];
      int inside = (int) Math.max(0, Math.min(length, image.size() - offset));
      try (RandomAccessFile file = new RandomAccessFile(image.path().toFile(), "r")) {
        file.seek(offset);
        file.readFully(block, 0, inside);
      }
      Arrays.fill(block, inside, length, padding.orElse((byte) 0));
      return ByteBuffer.wrap(block);
    }

    /** How many bytes are sent of an image. */
    long sent(long size) {
      return padding.isEmpty() ? size : (size + alignment - 1) / alignment * alignment;
    }
  }
}
