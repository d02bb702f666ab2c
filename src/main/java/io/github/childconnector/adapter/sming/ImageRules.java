package io.github.childconnector.adapter.sming;

import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.nio.ByteBuffer;

/**
 * Refuses what a device would ignore, or would start although it is no firmware: the usual parser
 * checks nothing but the size.
 *
 * @param maxSize of what is published, in bytes; it lies in memory as a whole
 * @param slotSize of the flash that takes one ROM image, in bytes
 * @param magic whether ROM images must begin as the ESP's boot loaders want them to
 */
record ImageRules(long maxSize, long slotSize, boolean magic) {
  /** The two bytes of the topic's length, which the parser adds to the image. */
  private static final int TOPIC_LENGTH = 2;

  /** Before the image is read. */
  void requireSize(FirmwareImage image) throws UpdateException {
    if (image.size() == 0) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The image is empty, and devices would start an empty slot. Upload the firmware again.");
    }
    requireMessage(image.size() + 1);
  }

  /** Refuses what is too large to be published, its patch number included. */
  void requireMessage(long bytes) throws UpdateException {
    if (bytes > maxSize) {
      throw tooLarge(
          "The firmware takes one MQTT message of %d bytes, more than max_size (%d). Raise max_size if the gateway has memory for four times as much, and the broker lets it pass (mosquitto: max_packet_size)."
              .formatted(bytes, maxSize));
    }
  }

  /** A ROM image that is published as it is: the device adds the topic to it. */
  void requireRaw(ByteBuffer rom, String topic) throws UpdateException {
    requireSlot(rom.remaining() + (long) TOPIC_LENGTH + topic.length());
    requireMagic(rom);
  }

  /** A ROM image within an OTA upgrade file. */
  void requireRom(ByteBuffer rom) throws UpdateException {
    requireSlot(rom.remaining());
    requireMagic(rom);
  }

  private void requireSlot(long bytes) throws UpdateException {
    if (bytes > slotSize) {
      throw tooLarge(
          "The image takes %d bytes of the device's slot, which has %d, and the device would ignore it. Build a smaller one, or correct slot_size."
              .formatted(bytes, slotSize));
    }
  }

  private void requireMagic(ByteBuffer rom) throws UpdateException {
    if (magic && !isRom(rom)) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The image is no ROM image of an ESP: it begins neither with e9 nor with ea 04. Upload the file rom0.bin of the build, or set check_magic = false.");
    }
  }

  private static boolean isRom(ByteBuffer rom) {
    int first = Byte.toUnsignedInt(rom.get(rom.position()));
    return first == 0xE9
        || (first == 0xEA && rom.remaining() > 1 && rom.get(rom.position() + 1) == 4);
  }

  private static UpdateException tooLarge(String sentence) {
    return new UpdateException(FailureCode.IMAGE_TOO_LARGE, sentence);
  }
}
