package io.github.childconnector.adapter.fuota.management;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The form of an ESP32 application image, as far as a device would find it wrong only after it has
 * fetched it: numbers are little-endian.
 *
 * <pre>
 *  0  E9             magic
 *  1  05             number of segments, 1 to 16
 * 12  05 00          the chip it is for: 0 an ESP32, 5 an ESP32-C3, …
 * 23  01             1 if a SHA-256 of all before it stands at the end
 * 24  segments, each: address (4), length (4), bytes; those of the first one begin at 32:
 * 32  32 54 cd ab    the description of an application, which no boot loader has
 *     zeros, then the XOR of all bytes of segments and EF, up to a multiple of 16
 *     SHA-256 (32)
 * </pre>
 *
 * @param chip the number of the chip it is for
 * @param hasOwnDigest whether it has a SHA-256 of its own, which then is right
 */
public record EspImage(int chip, boolean hasOwnDigest) {
  private static final int HEADER = 24;
  private static final int MAGIC = 0xE9;
  private static final int MAX_SEGMENTS = 16;
  private static final int SEED = 0xEF;
  private static final int ALIGNMENT = 16;
  private static final int CHUNK = 8192;

  private static final int DESCRIPTION_AT = 32;
  private static final List<Byte> DESCRIPTION =
      List.of((byte) 0x32, (byte) 0x54, (byte) 0xcd, (byte) 0xab);

  /** The chips that Espressif has given numbers, as {@code esptool} names them. */
  public enum Chip {
    ESP32(0),
    ESP32S2(2),
    ESP32C3(5),
    ESP32S3(9),
    ESP32C2(12),
    ESP32C6(13),
    ESP32H2(16),
    ESP32P4(18),
    ESP32C61(20),
    ESP32C5(23),
    ESP32H21(25),
    ESP32H4(28);

    private final int number;

    Chip(int number) {
      this.number = number;
    }

    /** The stable word, for example {@code esp32c3}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A slot of a device's flash.
   *
   * @param size bytes that fit in
   * @param chip what boots what is in it
   */
  public record Slot(long size, Chip chip) {}

  /** Refuses an image that has more bytes than a slot of the device's flash. */
  public static void requireFits(FirmwareImage image, long slotSize) throws UpdateException {
    if (image.size() > slotSize) {
      throw refused(
          "has %d bytes and the device's slot %d (slot_size)".formatted(image.size(), slotSize));
    }
  }

  /** Refuses an image whose bytes cannot be told from damaged ones by what they say themselves. */
  void requireOwnDigest() throws UpdateException {
    if (!hasOwnDigest) {
      throw refused("has no SHA-256 of its own");
    }
  }

  /** Refuses an image that is for none of these chips. */
  public void requireChip(Set<Chip> chips) throws UpdateException {
    if (chips.stream().noneMatch(each -> each.number == chip)) {
      String names = chips.stream().map(Chip::word).sorted().collect(joining(" or "));
      throw refused("is for %s and the device has %s (chip)".formatted(nameOf(chip), names));
    }
  }

  private static String nameOf(int number) {
    return Stream.of(Chip.values())
        .filter(each -> each.number == number)
        .map(Chip::word)
        .findFirst()
        .orElse("the chip with the number " + number);
  }

  /** Whether an image that was read before is for a chip. */
  static boolean isFor(Chip chip, Path image) throws IOException {
    return chip(begin(image)) == chip.number;
  }

  private static byte[] begin(Path image) throws IOException {
    try (InputStream file = Files.newInputStream(image)) {
      return file.readNBytes(DESCRIPTION_AT + DESCRIPTION.size());
    }
  }

  private static int chip(byte[] header) {
    return (header[12] & 0xFF) | ((header[13] & 0xFF) << 8);
  }

  /** Reads an image, and refuses what no device could boot as an application. */
  public static EspImage read(Path image) throws UpdateException {
    try (InputStream file = Files.newInputStream(image)) {
      MessageDigest digest = Sha256.begin();
      DigestInputStream digested = new DigestInputStream(new BufferedInputStream(file), digest);
      EspImage read = walk(new DataInputStream(digested), digest);
      requireDescription(begin(image));
      return read;
    } catch (EOFException e) {
      throw refused("ends in the middle of a segment");
    } catch (IOException e) {
      throw new UpdateException(
          FailureCode.STORAGE_FAILED, "The image cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static void requireDescription(byte[] begin) throws UpdateException {
    for (int i = 0; i < DESCRIPTION.size(); i++) {
      if (begin[DESCRIPTION_AT + i] != DESCRIPTION.get(i)) {
        throw refused("does not describe an application at byte 32, as boot loaders do not");
      }
    }
  }

  private static EspImage walk(DataInputStream in, MessageDigest digest)
      throws IOException, UpdateException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER || (header[0] & 0xFF) != MAGIC) {
      throw refused("does not begin with E9");
    }
    if (header[1] < 1 || header[1] > MAX_SEGMENTS) {
      throw refused("says it has " + header[1] + " segments");
    }
    long position = HEADER;
    int sum = SEED;
    for (int segment = 0; segment < header[1]; segment++) {
      in.readInt();
      long length = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      sum ^= xor(in, length);
      position += 8 + length;
    }
    // Read, for what is skipped is not digested.
    in.readNBytes((int) (ALIGNMENT - 1 - position % ALIGNMENT));
    requireSame(in.readUnsignedByte() == sum, "checksum");
    if (header[23] == 1) {
      byte[] expected = digest.digest();
      requireSame(MessageDigest.isEqual(expected, in.readNBytes(expected.length)), "SHA-256");
    }
    return new EspImage(chip(header), header[23] == 1);
  }

  private static int xor(InputStream in, long length) throws IOException {
    int sum = 0;
    for (long left = length; left > 0; left -= CHUNK) {
      byte[] chunk = in.readNBytes((int) Math.min(CHUNK, left));
      if (chunk.length < Math.min(CHUNK, left)) {
        throw new EOFException();
      }
      for (byte each : chunk) {
        sum ^= each & 0xFF;
      }
    }
    return sum;
  }

  private static void requireSame(boolean isSame, String what) throws UpdateException {
    if (!isSame) {
      throw refused("has another " + what + " than it says");
    }
  }

  private static UpdateException refused(String why) {
    return new UpdateException(
        FailureCode.INSTALL_FAILED,
        "The image "
            + why
            + ", so it is none that the device could boot and was not offered to it. Give the"
            + " firmware the application image of the build (build/NAME.bin), or set chip, slot_size"
            + " and check_image for another kind of device.");
  }
}
