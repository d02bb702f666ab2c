package io.github.childconnector.adapter.fuota.management;

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

/**
 * The form of an ESP32 application image, as far as a device would find it wrong only after it has
 * fetched it: numbers are little-endian.
 *
 * <pre>
 *  0  E9             magic
 *  1  05             number of segments, 1 to 16
 * 23  01             1 if a SHA-256 of all before it stands at the end
 * 24  segments, each: address (4), length (4), bytes
 *     zeros, then the XOR of all bytes of segments and EF, up to a multiple of 16
 *     SHA-256 (32)
 * </pre>
 */
public final class EspImage {
  private static final int HEADER = 24;
  private static final int MAGIC = 0xE9;
  private static final int MAX_SEGMENTS = 16;
  private static final int SEED = 0xEF;
  private static final int ALIGNMENT = 16;
  private static final int CHUNK = 8192;

  private EspImage() {}

  /** Refuses an image that has more bytes than a slot of the device's flash. */
  public static void requireFits(FirmwareImage image, long slotSize) throws UpdateException {
    if (image.size() > slotSize) {
      throw refused(
          "has %d bytes and the device's slot %d (slot_size)".formatted(image.size(), slotSize));
    }
  }

  /** Refuses a file whose bytes cannot be told from damaged ones by what they say themselves. */
  static void requireOwnDigest(Path image) throws UpdateException {
    if (!check(image)) {
      throw refused("has no SHA-256 of its own");
    }
  }

  /**
   * Refuses an image that the device could not boot.
   *
   * @return whether it has a SHA-256 of its own, which then is right
   */
  public static boolean check(Path image) throws UpdateException {
    try (InputStream file = Files.newInputStream(image)) {
      MessageDigest digest = Sha256.begin();
      DigestInputStream digested = new DigestInputStream(new BufferedInputStream(file), digest);
      return walk(new DataInputStream(digested), digest);
    } catch (EOFException e) {
      throw refused("ends in the middle of a segment");
    } catch (IOException e) {
      throw new UpdateException(
          FailureCode.STORAGE_FAILED, "The image cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static boolean walk(DataInputStream in, MessageDigest digest)
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
    return header[23] == 1;
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
            + " firmware the application image of the build (build/NAME.bin), or set check_image"
            + " and slot_size for another kind of device.");
  }
}
