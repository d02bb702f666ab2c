package io.github.childconnector.adapter.fuota;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.fuota.management.EspImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;

/** Application images for an ESP32, in Espressif's form; {@link EspImage} describes it. */
@NullMarked
public final class EspImages {
  private static final int MAGIC = 0xE9;
  private static final int DIGEST = 32;
  private static final byte[] DESCRIPTION = {0x32, 0x54, (byte) 0xcd, (byte) 0xab};

  private EspImages() {}

  /** An image whose one segment says which version it is, and which has a SHA-256. */
  public static byte[] of(String version) {
    return of(("firmware " + version + ";").repeat(10_000).getBytes(UTF_8));
  }

  /** An image for an ESP32 with these segments, the first behind a description, and a SHA-256. */
  static byte[] of(byte[]... segments) {
    byte[][] all = segments.clone();
    all[0] = new byte[DESCRIPTION.length + segments[0].length];
    System.arraycopy(DESCRIPTION, 0, all[0], 0, DESCRIPTION.length);
    System.arraycopy(segments[0], 0, all[0], DESCRIPTION.length, segments[0].length);
    return ofPlain(0, all);
  }

  /** An image for a chip with these segments as they are, and a SHA-256. */
  static byte[] ofPlain(int chip, byte[]... segments) {
    int size = Arrays.stream(segments).mapToInt(segment -> 8 + segment.length).sum();
    ByteBuffer image = ByteBuffer.allocate(24 + size + 16 + DIGEST).order(ByteOrder.LITTLE_ENDIAN);
    image
        .put((byte) MAGIC)
        .put((byte) segments.length)
        .putShort(12, (short) chip)
        .position(23)
        .put((byte) 1);
    int sum = 0xEF;
    for (byte[] segment : segments) {
      image.putInt(0x3f400020).putInt(segment.length).put(segment);
      for (byte each : segment) {
        sum ^= each & 0xFF;
      }
    }
    while (image.position() % 16 != 15) {
      image.put((byte) 0);
    }
    image.put((byte) sum);
    image.put(sha256(Arrays.copyOf(image.array(), image.position())));
    return Arrays.copyOf(image.array(), image.position());
  }

  /** As the boot loader sees it; what has another form is left to the tests that offer it. */
  static boolean isBootable(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() != MAGIC || isWhole(Files.readAllBytes(file));
    }
  }

  private static boolean isWhole(byte[] image) {
    int body = Math.max(0, image.length - DIGEST);
    byte[] digest = Arrays.copyOfRange(image, body, image.length);
    return Arrays.equals(sha256(Arrays.copyOf(image, body)), digest);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
