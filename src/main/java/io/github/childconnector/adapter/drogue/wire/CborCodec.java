package io.github.childconnector.adapter.drogue.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

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
      Status status = CborStatus.read(from);
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
}
