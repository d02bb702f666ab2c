package io.github.childconnector.adapter.drogue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** The device's side of CBOR: writes statuses, and reads commands as the embedded decoder does. */
@NullMarked
final class CborDevice {
  private static final CBORFactory FACTORY = new CBORFactory();

  private CborDevice() {}

  static byte[] write(Status status) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator to = FACTORY.createGenerator(bytes)) {
      to.writeStartObject(4);
      to.writeFieldId(0);
      to.writeBinary(status.version().bytes());
      number(to, 1, status.mtu());
      number(to, 2, status.correlationId());
      to.writeFieldId(3);
      if (status.update().isPresent()) {
        to.writeStartObject(2);
        to.writeFieldId(0);
        to.writeBinary(status.update().get().version().bytes());
        number(to, 1, Optional.of(status.update().get().offset()));
        to.writeEndObject();
      } else {
        to.writeNull();
      }
      to.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void number(CBORGenerator to, int field, Optional<Long> number)
      throws IOException {
    to.writeFieldId(field);
    if (number.isPresent()) {
      to.writeNumber(number.get());
    } else {
      to.writeNull();
    }
  }

  static DfuCommand read(byte[] command) throws IOException {
    try (JsonParser from = FACTORY.createParser(command)) {
      require(from, JsonToken.START_OBJECT);
      require(from, JsonToken.FIELD_NAME);
      int variant = Integer.parseInt(from.currentName());
      Map<Integer, Object> fields = new HashMap<>();
      require(from, JsonToken.START_OBJECT);
      while (from.nextToken() == JsonToken.FIELD_NAME) {
        int field = Integer.parseInt(from.currentName());
        JsonToken token = from.nextToken();
        if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
          fields.put(field, from.getBinaryValue());
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
          fields.put(field, from.getLongValue());
        }
      }
      require(from, JsonToken.END_OBJECT);
      return command(variant, fields);
    }
  }

  /** A command in short: {@code sync 1.0}, {@code write 2.0 at 512 +256}, {@code swap 2.0}. */
  static String text(byte[] command) throws IOException {
    DfuCommand read = read(command);
    if (read instanceof DfuCommand.Sync sync) {
      return "sync " + sync.version();
    }
    if (read instanceof DfuCommand.Swap swap) {
      return "swap " + swap.version();
    }
    DfuCommand.Write write = (DfuCommand.Write) read;
    return "write " + write.version() + " at " + write.offset() + " +" + write.data().remaining();
  }

  private static void require(JsonParser from, JsonToken token) throws IOException {
    if (from.nextToken() != token) {
      throw new IOException("expected " + token + ", found " + from.currentToken());
    }
  }

  private static DfuCommand command(int variant, Map<Integer, Object> fields) {
    return switch (variant) {
      case 1 -> new DfuCommand.Sync(version(fields), number(fields, 1), number(fields, 2));
      case 2 ->
          new DfuCommand.Write(
              version(fields),
              number(fields, 1),
              number(fields, 2).orElseThrow(),
              bytes(fields, 3));
      case 3 -> new DfuCommand.Swap(version(fields), number(fields, 1), bytes(fields, 2));
      default -> throw new IllegalArgumentException("variant " + variant);
    };
  }

  private static Optional<Long> number(Map<Integer, Object> fields, int field) {
    return Optional.ofNullable((Long) fields.get(field));
  }

  private static ByteBuffer bytes(Map<Integer, Object> fields, int field) {
    return Optional.ofNullable((byte[]) fields.get(field)).map(ByteBuffer::wrap).orElseThrow();
  }

  private static DeviceVersion version(Map<Integer, Object> fields) {
    return DeviceVersion.of(bytes(fields, 0).array());
  }
}
