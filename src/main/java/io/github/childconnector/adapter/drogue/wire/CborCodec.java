package io.github.childconnector.adapter.drogue.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CBOR, as on networks. Fields are read by name or by number, mixed if need be, or as a list of all
 * of them; they are written by number, in maps of definite length, which is what devices take.
 *
 * <pre>
 * Status{version 0.1.0}                           a4 00 45302e312e30 01f6 02f6 03f6
 * the same by names                               a4 67"version" 45302e312e30 63"mtu" f6 …
 * Write{version 0.1.1, offset 0, data "hello"}    a1 02 a4 00 45302e312e31 01f6 02 00 03 4568656c6c6f
 * </pre>
 */
public final class CborCodec implements Codec {
  /** Made with the first message, and never at start. */
  private static final CBORFactory FACTORY = new CBORFactory();

  @Override
  public Status read(byte[] message) throws FormatException {
    try (JsonParser from = FACTORY.createParser(message)) {
      from.nextToken();
      Status status = StatusMap.readStatus(from);
      if (from.nextToken() != null) {
        throw new FormatException("something follows the message");
      }
      return status;
    } catch (JacksonException e) {
      throw new FormatException("it is no CBOR: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new FormatException("it is no CBOR: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] write(DfuCommand command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator to = FACTORY.createGenerator(bytes)) {
      command.write(new NumberedFields(to));
      to.writeEndObject();
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A map of the variant to a map of the fields. */
  private static final class NumberedFields implements DfuCommand.Fields {
    private final CBORGenerator to;
    private int next;

    private NumberedFields(CBORGenerator to) {
      this.to = to;
    }

    @Override
    public void begin(int variant, int fields) throws IOException {
      to.writeStartObject(1);
      to.writeFieldId(variant);
      to.writeStartObject(fields);
    }

    @Override
    public void bytes(byte[] value) throws IOException {
      to.writeFieldId(next++);
      to.writeBinary(value);
    }

    @Override
    public void number(long value) throws IOException {
      to.writeFieldId(next++);
      to.writeNumber(value);
    }

    @Override
    public void option(Optional<Long> value) throws IOException {
      if (value.isPresent()) {
        number(value.get());
      } else {
        to.writeFieldId(next++);
        to.writeNull();
      }
    }
  }

  /** Either map of a status, whichever way its fields are written. */
  private static final class StatusMap {
    private static final List<String> STATUS =
        List.of("version", "mtu", "correlation_id", "update");
    private static final List<String> UPDATE = List.of("version", "offset");

    /** The name of the field {@code update} in the published description. */
    private static final String ALIAS = "status";

    private static final long MAX_NUMBER = 0xFFFF_FFFFL;

    private final JsonParser from;
    private final List<String> names;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private Optional<DeviceVersion> version = Optional.empty();
    private Optional<Status.Received> update = Optional.empty();

    private StatusMap(JsonParser from, List<String> names) {
      this.from = from;
      this.names = names;
    }

    /** The status that begins where the parser is. */
    static Status readStatus(JsonParser from) throws IOException, FormatException {
      StatusMap map = new StatusMap(from, STATUS);
      map.readFields();
      return new Status(map.version(), map.number("mtu"), map.number("correlation_id"), map.update);
    }

    private static Status.Received readUpdate(JsonParser from) throws IOException, FormatException {
      StatusMap map = new StatusMap(from, UPDATE);
      map.readFields();
      return new Status.Received(
          map.version(),
          map.number("offset").orElseThrow(() -> new FormatException("its update has no offset")));
    }

    private DeviceVersion version() throws FormatException {
      return version.orElseThrow(() -> new FormatException("there is no version"));
    }

    private Optional<Long> number(String name) {
      return Optional.ofNullable(numbers.get(name));
    }

    private void readFields() throws IOException, FormatException {
      if (from.currentToken() == JsonToken.START_ARRAY) {
        readList();
      } else if (from.currentToken() == JsonToken.START_OBJECT) {
        readMap();
      } else {
        throw new FormatException("there is no map of fields");
      }
    }

    private void readList() throws IOException, FormatException {
      for (String name : names) {
        if (from.nextToken() == JsonToken.END_ARRAY) {
          throw new FormatException("a list of fields is too short");
        }
        readField(name);
      }
      if (from.nextToken() != JsonToken.END_ARRAY) {
        throw new FormatException("a list of fields is too long");
      }
    }

    private void readMap() throws IOException, FormatException {
      while (from.nextToken() == JsonToken.FIELD_NAME) {
        String name = known(from.currentName());
        from.nextToken();
        if (!names.contains(name)) {
          from.skipChildren();
        } else if (seen.add(name)) {
          readField(name);
        } else {
          throw new FormatException("a field is there twice: " + name);
        }
      }
      if (from.currentToken() != JsonToken.END_OBJECT) {
        throw new FormatException("a map of fields ends too early");
      }
    }

    /** The name of a field that may be there by its number, or by another name. */
    private String known(String name) {
      if (name.equals(ALIAS) && names.equals(STATUS)) {
        return "update";
      }
      boolean isNumber = name.length() == 1 && Character.isDigit(name.charAt(0));
      int number = isNumber ? name.charAt(0) - '0' : names.size();
      return number < names.size() ? names.get(number) : name;
    }

    private void readField(String name) throws IOException, FormatException {
      if (name.equals("version")) {
        version = Optional.of(readVersion());
      } else if (from.currentToken() != JsonToken.VALUE_NULL) {
        if (name.equals("update")) {
          update = Optional.of(readUpdate(from));
        } else {
          numbers.put(name, readNumber());
        }
      }
    }

    private DeviceVersion readVersion() throws IOException, FormatException {
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

    private long readNumber() throws IOException, FormatException {
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
}
