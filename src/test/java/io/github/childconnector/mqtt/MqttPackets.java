package io.github.childconnector.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;

/** What the two hand-made ends of the tests have in common. */
@NullMarked
public final class MqttPackets {
  private MqttPackets() {}

  /** Reads the length that stands behind the first byte of each packet. */
  public static int length(DataInputStream in) throws IOException {
    int length = 0;
    int shift = 0;
    int part;
    do {
      part = in.readUnsignedByte();
      length |= (part & 0x7f) << shift;
      shift += 7;
    } while (part > 0x7f);
    return length;
  }

  /** A packet: its first byte, its length and its parts. */
  public static byte[] packet(int head, byte[]... parts) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(head);
    int left = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    while (left > 0x7f) {
      packet.write((left & 0x7f) | 0x80);
      left >>= 7;
    }
    packet.write(left);
    for (byte[] part : parts) {
      packet.writeBytes(part);
    }
    return packet.toByteArray();
  }

  /** A text with its length. */
  public static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }
}
