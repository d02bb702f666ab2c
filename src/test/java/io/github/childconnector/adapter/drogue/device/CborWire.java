package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * As everywhere else, in the two forms of serde_cbor. Commands are taken in either, and nothing
 * that serde_cbor refuses: outer maps of indefinite length, texts for bytes, bytes at the end.
 */
record CborWire(boolean isNamed, boolean isOfReadme) implements Wire {
  private static final int NUMBER = 0;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int MAP = 5;
  private static final int NULL = 0xF6;
  private static final List<String> VARIANTS = List.of("Wait", "Sync", "Write", "Swap");
  private static final List<List<String>> FIELDS =
      List.of(
          List.of("correlation_id", "poll"),
          List.of("version", "correlation_id", "poll"),
          List.of("version", "correlation_id", "offset", "data"),
          List.of("version", "correlation_id", "checksum"));

  @Override
  public byte[] write(Say say) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    head(out, MAP, 4);
    key(out, 0, "version");
    item(out, BYTES, say.version());
    key(out, 1, "mtu");
    head(out, NUMBER, say.mtu());
    key(out, 2, "correlation_id");
    say.correlationId().ifPresentOrElse(id -> head(out, NUMBER, id), () -> out.write(NULL));
    key(out, 3, isOfReadme ? "status" : "update");
    say.have().ifPresentOrElse(have -> write(out, have), () -> out.write(NULL));
    return out.toByteArray();
  }

  private void write(ByteArrayOutputStream out, Say.Have have) {
    head(out, MAP, 2);
    key(out, 0, "version");
    item(out, BYTES, have.version());
    key(out, 1, "offset");
    head(out, NUMBER, have.offset());
  }

  private void key(ByteArrayOutputStream out, int index, String name) {
    if (isNamed || isOfReadme) {
      item(out, TEXT, name);
    } else {
      head(out, NUMBER, index);
    }
  }

  private static void item(ByteArrayOutputStream out, int major, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    head(out, major, bytes.length);
    out.writeBytes(bytes);
  }

  private static void head(ByteArrayOutputStream out, int major, int value) {
    if (value < 24) {
      out.write((major << 5) | value);
    } else if (value < 256) {
      out.write((major << 5) | 24);
      out.write(value);
    } else if (value < 65536) {
      out.write((major << 5) | 25);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) value).array());
    } else {
      out.write((major << 5) | 26);
      out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
    }
  }

  @Override
  public Order read(byte[] bytes) throws IOException {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (length(in, MAP) != 1) {
        throw new IOException("a command is a map of one");
      }
      int variant = key(in, VARIANTS);
      Order order = order(variant, fields(in, FIELDS.get(variant)));
      if (in.hasRemaining()) {
        throw new IOException("there are bytes after the command");
      }
      return order;
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | ClassCastException
        | NullPointerException e) {
      throw new IOException("no command", e);
    }
  }

  private static Order order(int variant, Map<String, Object> fields) {
    return switch (variant) {
      case 0 -> new Order.Wait(poll(fields));
      case 1 -> new Order.Sync(poll(fields));
      case 2 ->
          new Order.Write(version(fields), offset(fields), ByteBuffer.wrap(bytes(fields, "data")));
      default -> new Order.Swap(version(fields), ByteBuffer.wrap(bytes(fields, "checksum")));
    };
  }

  private static Optional<Long> poll(Map<String, Object> fields) {
    return Optional.ofNullable(fields.get("poll")).map(Long.class::cast);
  }

  private static int offset(Map<String, Object> fields) {
    return Math.toIntExact((long) Objects.requireNonNull(fields.get("offset")));
  }

  private static String version(Map<String, Object> fields) {
    return new String(bytes(fields, "version"), UTF_8);
  }

  private static byte[] bytes(Map<String, Object> fields, String name) {
    return (byte[]) Objects.requireNonNull(fields.get(name));
  }

  private static Map<String, Object> fields(ByteBuffer in, List<String> names) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    for (int left = length(in, MAP); left > 0; left--) {
      String name = names.get(key(in, names));
      if ((in.get(in.position()) & 0xFF) == NULL) {
        in.get();
      } else if (fields.put(name, value(in)) != null) {
        throw new IOException(name + " is there twice");
      }
    }
    return fields;
  }

  private static Object value(ByteBuffer in) throws IOException {
    int major = (in.get(in.position()) & 0xFF) >> 5;
    return major == NUMBER ? (Object) (long) length(in, NUMBER) : string(in, BYTES);
  }

  private static int key(ByteBuffer in, List<String> names) throws IOException {
    int major = (in.get(in.position()) & 0xFF) >> 5;
    int index =
        major == NUMBER ? length(in, NUMBER) : names.indexOf(new String(string(in, TEXT), UTF_8));
    if (index < 0 || index >= names.size()) {
      throw new IOException("an unknown key");
    }
    return index;
  }

  private static byte[] string(ByteBuffer in, int major) throws IOException {
    byte[] bytes = new byte[Math.min(length(in, major), in.remaining() + 1)];
    in.get(bytes);
    return bytes;
  }

  private static int length(ByteBuffer in, int major) throws IOException {
    int head = in.get() & 0xFF;
    if (head >> 5 != major) {
      throw new IOException("another type than " + major);
    }
    return switch (head & 31) {
      case 24 -> in.get() & 0xFF;
      case 25 -> in.getShort() & 0xFFFF;
      case 26 -> in.getInt();
      case 27, 28, 29, 30, 31 -> throw new IOException("no length of a command");
      default -> head & 31;
    };
  }
}
