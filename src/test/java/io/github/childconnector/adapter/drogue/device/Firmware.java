package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An image as these devices run it. It says itself which version it is, and how it behaves; where
 * anything of it is missing, it crashes.
 *
 * <pre>
 * drogue 2.0 RUNS 1963 4c2f09a1;…      version, conduct, bytes that follow, their CRC-32
 * </pre>
 */
public record Firmware(String version, Conduct conduct) {
  private static final Pattern HEAD =
      Pattern.compile("drogue (\\S{1,64}) ([A-Z_]+) (\\d{1,9}) ([0-9a-f]{8});");
  private static final int HEAD_ROOM = 120;

  /** What an image does when it is started. */
  public enum Conduct {
    /** Speaks, and takes updates. */
    RUNS,
    /** Never says a word, until the watchdog resets the device. */
    CRASHES,
    /** Says which version it is, and crashes before it has heard the answer. */
    CRASHES_ONCE_IT_SPOKE
  }

  /** An image that works, with so many bytes that differ from those of other versions. */
  public static byte[] image(String version, int size) {
    return image(new Firmware(version, Conduct.RUNS), size);
  }

  /** The same with another conduct. */
  public static byte[] image(Firmware firmware, int size) {
    byte[] body = new byte[size - HEAD_ROOM];
    new Random(firmware.version().hashCode()).nextBytes(body);
    String head =
        "drogue %s %s %d %08x;"
            .formatted(firmware.version(), firmware.conduct(), body.length, crc(body));
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    image.writeBytes(head.getBytes(ISO_8859_1));
    image.writeBytes(body);
    image.writeBytes(new byte[size - image.size()]);
    return image.toByteArray();
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  /** What a partition holds; empty if the device crashes at once with it. */
  static Optional<Firmware> in(byte[] partition) {
    Matcher head = HEAD.matcher(new String(partition, ISO_8859_1));
    if (!head.lookingAt()) {
      return Optional.empty();
    }
    int end = Math.min(head.end() + Integer.parseInt(head.group(3)), partition.length);
    byte[] body = Arrays.copyOfRange(partition, head.end(), end);
    boolean isWhole = "%08x".formatted(crc(body)).equals(head.group(4));
    return Optional.of(new Firmware(head.group(1), Conduct.valueOf(head.group(2))))
        .filter(firmware -> isWhole && firmware.conduct() != Conduct.CRASHES);
  }
}
