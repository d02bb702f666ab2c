package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

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

  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/drogue");

  /** Some devices have a buffer of 2048 bytes and say so, but it has to hold the whole answer. */
  private static final int USUAL_BLOCK = 1024;

  private static final int USUAL_VERSION = 16;

  private static final Pattern BYTE = Pattern.compile("[0-9A-Fa-f]{2}");
  private static final Kind<Byte> PADDING =
      Kinds.parsed(
              DrogueSettings::singleByte,
              "a byte in two hexadecimal digits, for example \"ff\"",
              HexFormat.of()::toHexDigits)
          .shared();
  private static final long LARGEST = 0xFFFF_FFFFL;

  /** Reads the table, noting all that is wrong with it. */
  static DrogueSettings read(ChildId child, Section section) {
    DeviceAddress address = new TransportReader(child, section).read();
    return new DrogueSettings(
        address,
        section.value("directory", Places.PATH, DIRECTORY),
        blocks(section, address.transport().largestBlock()),
        section.number("max_version", USUAL_VERSION, 1, 255),
        Optional.of(section.value("capacity", Kinds.size(0, Kinds.LARGEST), 0L))
            .filter(capacity -> capacity > 0),
        section.number("attempts", 2, 1, 10),
        section.value("poll_timeout", Kinds.atLeast(Duration.ofSeconds(1)), Duration.ofMinutes(5)));
  }

  private static BlockRules blocks(Section section, int largest) {
    int block = section.number("max_block", USUAL_BLOCK, 1, TransportSettings.MOST_DATA);
    int alignment = section.number("alignment", 1, 1, 4096);
    if (alignment > Math.min(block, largest)) {
      section.problem("alignment", "is more than a block has (max_block); lower it");
    }
    return new BlockRules(
        Math.min(block, largest), alignment, section.optional("padding", PADDING));
  }

  private static Optional<Byte> singleByte(String digits) {
    return Optional.of(digits)
        .filter(text -> BYTE.matcher(text).matches())
        .map(text -> (byte) HexFormat.fromHexDigits(text));
  }

  /**
   * The rules by which an image is sent. Refuses what cannot end well: a device that gets more than
   * it can take does not say so, but stops in the middle.
   */
  DeliveryRules rules(Installation installation) throws UpdateException {
    DeviceVersion target = DeviceVersion.of(installation.update().firmware().version().strip());
    long size = installation.image().size();
    long sent = blocks.sent(size);
    check(target, size, sent);
    return new DeliveryRules(target, sent, blocks, attempts);
  }

  private void check(DeviceVersion version, long size, long sent) throws UpdateException {
    if (version.length() > maxVersion) {
      throw refused(
          "The version %s has %d bytes and the device has room for %d (max_version). Give the firmware a shorter version."
              .formatted(version, version.length(), maxVersion));
    }
    if (size == 0) {
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
