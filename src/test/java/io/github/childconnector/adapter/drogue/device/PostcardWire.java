package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** As on serial lines; what follows a message is not looked at. */
final class PostcardWire implements Wire {

  @Override
  public byte[] write(Say say) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text(out, say.version());
    out.write(1);
    number(out, say.mtu());
    option(out, say.correlationId());
    out.write(say.have().isPresent() ? 1 : 0);
    if (say.have().isPresent()) {
      text(out, say.have().get().version());
      number(out, say.have().get().offset());
    }
    return out.toByteArray();
  }

  private static void option(ByteArrayOutputStream out, Optional<Integer> value) {
    out.write(value.isPresent() ? 1 : 0);
    value.ifPresent(number -> number(out, number));
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  @Override
  public Order read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int variant = in.readUnsignedByte();
    String version = variant == 0 ? "" : new String(bytes(in), UTF_8);
    option(in);
    return switch (variant) {
      case 0 -> new Order.Wait(option(in));
      case 1 -> new Order.Sync(option(in));
      case 2 -> new Order.Write(version, (int) number(in), ByteBuffer.wrap(bytes(in)));
      case 3 -> new Order.Swap(version, ByteBuffer.wrap(bytes(in)));
      default -> throw new IOException("there is no variant " + variant);
    };
  }

  private static Optional<Long> option(DataInputStream in) throws IOException {
    return switch (in.readUnsignedByte()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(number(in));
      default -> throw new IOException("neither none nor some");
    };
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = (int) number(in);
    if (length < 0 || length > in.available()) {
      throw new IOException("there are not " + length + " bytes");
    }
    return in.readNBytes(length);
  }

  private static long number(DataInputStream in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = in.readUnsignedByte();
      number |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return number;
      }
    }
    throw new IOException("a number is too long");
  }
}
