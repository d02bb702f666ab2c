package io.github.childconnector.mqtt;

import java.io.DataInputStream;
import java.io.IOException;
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
}
