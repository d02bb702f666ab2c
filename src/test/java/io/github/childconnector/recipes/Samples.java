package io.github.childconnector.recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** Images that say their version, each in its own way. */
final class Samples {
  private Samples() {}

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** With {@code fwversion=} and the version in the middle. */
  static byte[] marked(String version) {
    ByteBuffer image = ByteBuffer.allocate(4000).put(bytes(4000)).position(2000);
    return image.put((byte) 0).put(("fwversion=" + version + "\0").getBytes(UTF_8)).array();
  }

  /** An application of ESP-IDF, with its descriptor at byte 32. */
  static byte[] esp32(String version) {
    ByteBuffer image = ByteBuffer.allocate(9000).put(bytes(9000)).order(ByteOrder.LITTLE_ENDIAN);
    image.position(0).put((byte) 0xe9).position(12).putShort((short) 0);
    image.position(32).putInt(0xabcd5432).position(48).put(new byte[32]);
    return image.position(48).put(version.getBytes(US_ASCII)).array();
  }

  /** An image of MCUboot's, with its header, and its digest at the end. */
  static byte[] mcuboot(String version) {
    List<Integer> parts = Stream.of(version.split("\\.")).map(Integer::valueOf).toList();
    ByteBuffer image = ByteBuffer.allocate(32 + 3000).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0x96f3b83d).putInt(0).putShort((short) 32).putShort((short) 0).putInt(3000);
    image.putInt(0).put(parts.get(0).byteValue()).put(parts.get(1).byteValue());
    image.putShort(parts.get(2).shortValue()).putInt(0).position(32).put(bytes(3000));
    ByteBuffer whole = ByteBuffer.allocate(image.capacity() + 40).order(ByteOrder.LITTLE_ENDIAN);
    whole.put(image.array()).putShort((short) 0x6907).putShort((short) 40);
    whole.putShort((short) 0x10).putShort((short) 32);
    return whole.put(DigestUtils.sha256(image.array())).array();
  }
}
