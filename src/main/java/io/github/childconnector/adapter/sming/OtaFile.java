package io.github.childconnector.adapter.sming;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The OTA upgrade file of Sming's library OtaUpgrade ({@code firmware.ota}). Numbers are
 * little-endian; the seal is an Ed25519ph signature where the file is signed, else an MD5, of all
 * that stands before it.
 *
 * <pre>
 * 20 f0 1a f0              not signed; 2a f0 1a f0 is signed
 * 00 40 94 52 a3 03 00 00  milliseconds since 1900
 * 01 00 00 00              one ROM
 * 00 20 00 00 10 00 00 00  its flash address and size, then its bytes
 * …
 * 21 e0 81 a4 …            the seal
 * </pre>
 *
 * @param signed whether the seal is a signature
 * @param timestamp in milliseconds since 1900
 * @param roms at least one
 */
record OtaFile(boolean signed, long timestamp, List<Rom> roms) {
  private static final int SIGNED = 0xF01AF02A;
  private static final int UNSIGNED = 0xF01AF020;
  private static final int HEADER = 16;
  private static final int ROM_HEADER = 8;
  private static final int SIGNATURE = 64;
  private static final int MD5 = 16;

  /** From the epoch of the file's clock, 1900, to that of Java's, 1970. */
  private static final long EPOCH_MILLIS = 2_208_988_800_000L;

  /** A ROM image, and where in the flash it belongs. */
  record Rom(int address, ByteBuffer bytes) {}

  /**
   * A file with one ROM, without its seal.
   *
   * @param unixMillis when it was made: devices refuse a file older than their own firmware
   */
  static byte[] unsealed(Rom rom, long unixMillis, boolean signed) {
    ByteBuffer image = rom.bytes().duplicate();
    return ByteBuffer.allocate(HEADER + ROM_HEADER + image.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(signed ? SIGNED : UNSIGNED)
        .putLong(unixMillis + EPOCH_MILLIS)
        .putInt(1)
        .putInt(rom.address())
        .putInt(image.remaining())
        .put(image)
        .array();
  }

  static byte[] withMd5(byte[] unsealed) {
    return join(unsealed, DigestUtils.md5(unsealed));
  }

  static byte[] withSignature(byte[] unsealed, OtaKey key) {
    return join(unsealed, key.sign(unsealed));
  }

  /** Reads a file, whose MD5 is compared; a signature is not. */
  static OtaFile read(byte[] file) throws OtaFormatException {
    require(file.length > HEADER, "it is too short");
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    require(
        magic == SIGNED || magic == UNSIGNED, "it does not begin with 20 f0 1a f0 or 2a f0 1a f0");
    long timestamp = in.getLong();
    int count = in.getInt();
    require(count > 0 && count < 256, "it says that it has no ROM, or more than 255");
    List<Rom> roms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      roms.add(rom(in));
    }
    int seal = magic == SIGNED ? SIGNATURE : MD5;
    require(
        in.remaining() == seal,
        "%d bytes follow its ROMs instead of %d".formatted(in.remaining(), seal));
    require(magic == SIGNED || isMd5(file), "its MD5 is wrong");
    return new OtaFile(magic == SIGNED, timestamp, List.copyOf(roms));
  }

  /** Whether the seal of a signed file was made by this key. */
  static boolean isSignedBy(OtaKey key, byte[] file) {
    int end = file.length - SIGNATURE;
    return key.hasSigned(Arrays.copyOf(file, end), Arrays.copyOfRange(file, end, file.length));
  }

  private static Rom rom(ByteBuffer in) throws OtaFormatException {
    require(in.remaining() >= ROM_HEADER, "it ends before its last ROM");
    int address = in.getInt();
    long size = Integer.toUnsignedLong(in.getInt());
    require(
        size > 0 && size <= in.remaining(), "one of its ROMs is empty, or longer than the file");
    ByteBuffer bytes = in.slice(in.position(), (int) size);
    in.position(in.position() + (int) size);
    return new Rom(address, bytes);
  }

  private static boolean isMd5(byte[] file) {
    int end = file.length - MD5;
    return MessageDigest.isEqual(
        Arrays.copyOfRange(file, end, file.length), DigestUtils.md5(Arrays.copyOf(file, end)));
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  static void require(boolean condition, String why) throws OtaFormatException {
    if (!condition) {
      throw new OtaFormatException(why);
    }
  }

  /** Bytes that are no OTA upgrade file, or a damaged one; the message says what is wrong. */
  static final class OtaFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    OtaFormatException(String why) {
      super(why);
    }
  }
}
