package io.github.childconnector.adapter.drogue.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a status from CBOR, whichever way its fields are written. */
final class CborStatus {
  private static final List<String> STATUS = List.of("version", "mtu", "correlation_id", "update");
  private static final List<String> UPDATE = List.of("version", "offset");

  /** The name of the field {@code update} in the published description. */
  private static final String ALIAS = "status";

  private static final long MAX_NUMBER = 0xFFFF_FFFFL;

  private final JsonParser from;

  CborStatus(JsonParser from) {
    this.from = from;
  }

  Status read() throws IOException, FormatException {
    StatusFields fields = new StatusFields();
    readFields(STATUS, fields);
    return fields.status();
  }

  private interface Fields {
    void read(int field) throws IOException, FormatException;
  }

  private final class StatusFields implements Fields {
    private Optional<DeviceVersion> version = Optional.empty();
    private Optional<Long> mtu = Optional.empty();
    private Optional<Long> correlationId = Optional.empty();
    private Optional<Status.Received> update = Optional.empty();

    @Override
    public void read(int field) throws IOException, FormatException {
      switch (field) {
        case 0 -> version = Optional.of(version());
        case 1 -> mtu = optionalNumber();
        case 2 -> correlationId = optionalNumber();
        default -> update = received();
      }
    }

    Status status() throws FormatException {
      return new Status(
          version.orElseThrow(() -> new FormatException("it has no version")),
          mtu,
          correlationId,
          update);
    }
  }

  private final class UpdateFields implements Fields {
    private Optional<DeviceVersion> version = Optional.empty();
    private Optional<Long> offset = Optional.empty();

    @Override
    public void read(int field) throws IOException, FormatException {
      if (field == 0) {
        version = Optional.of(version());
      } else {
        offset = Optional.of(number());
      }
    }

    Status.Received received() throws FormatException {
      return new Status.Received(
          version.orElseThrow(() -> new FormatException("its update has no version")),
          offset.orElseThrow(() -> new FormatException("its update has no offset")));
    }
  }

  private Optional<Status.Received> received() throws IOException, FormatException {
    if (isNull()) {
      return Optional.empty();
    }
    UpdateFields fields = new UpdateFields();
    readFields(UPDATE, fields);
    return Optional.of(fields.received());
  }

  private void readFields(List<String> names, Fields fields) throws IOException, FormatException {
    if (from.currentToken() == JsonToken.START_ARRAY) {
      readList(names, fields);
    } else if (from.currentToken() == JsonToken.START_OBJECT) {
      readMap(names, fields);
    } else {
      throw new FormatException("there is no map of fields");
    }
  }

  private void readList(List<String> names, Fields fields) throws IOException, FormatException {
    for (int field = 0; field < names.size(); field++) {
      if (from.nextToken() == JsonToken.END_ARRAY) {
        throw new FormatException("a list of fields is too short");
      }
      fields.read(field);
    }
    if (from.nextToken() != JsonToken.END_ARRAY) {
      throw new FormatException("a list of fields is too long");
    }
  }

  private void readMap(List<String> names, Fields fields) throws IOException, FormatException {
    Set<Integer> seen = new HashSet<>();
    while (from.nextToken() == JsonToken.FIELD_NAME) {
      int field = index(names, from.currentName());
      from.nextToken();
      if (field < 0) {
        from.skipChildren();
      } else if (seen.add(field)) {
        fields.read(field);
      } else {
        throw new FormatException("a field is there twice: " + names.get(field));
      }
    }
    if (from.currentToken() != JsonToken.END_OBJECT) {
      throw new FormatException("a map of fields ends too early");
    }
  }

  /** The number of a field, by its name or as it is; negative if it is unknown. */
  private static int index(List<String> names, String name) {
    if (name.equals(ALIAS) && names.equals(STATUS)) {
      return STATUS.indexOf("update");
    }
    boolean isNumber = name.length() == 1 && Character.isDigit(name.charAt(0));
    int number = isNumber ? name.charAt(0) - '0' : names.indexOf(name);
    return number < names.size() ? number : -1;
  }

  private boolean isNull() {
    return from.currentToken() == JsonToken.VALUE_NULL;
  }

  private DeviceVersion version() throws IOException, FormatException {
    if (from.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      // Piece by piece: the length that is announced need not be true.
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      from.readBinaryValue(bytes);
      return DeviceVersion.of(bytes.toByteArray());
    }
    if (from.currentToken() == JsonToken.VALUE_STRING) {
      return DeviceVersion.of(from.getText().getBytes(StandardCharsets.UTF_8));
    }
    throw new FormatException("a version is neither bytes nor text");
  }

  private Optional<Long> optionalNumber() throws IOException, FormatException {
    return isNull() ? Optional.empty() : Optional.of(number());
  }

  private long number() throws IOException, FormatException {
    if (from.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new FormatException("a number is none");
    }
    long number =
        from.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : from.getLongValue();
    if (number < 0 || number > MAX_NUMBER) {
      throw new FormatException("a number has more than 32 bits, or is negative");
    }
    return number;
  }
}
