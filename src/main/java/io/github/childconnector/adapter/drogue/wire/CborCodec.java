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
  private static final int WAIT = 0;
  private static final int SYNC = 1;
  private static final int WRITE = 2;
  private static final int SWAP = 3;

  private final CBORFactory factory = new CBORFactory();

  @Override
  public Status read(byte[] message) throws FormatException {
    try (JsonParser from = factory.createParser(message)) {
      from.nextToken();
      Status status = new CborStatus(from).read();
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
    try (CBORGenerator to = factory.createGenerator(bytes)) {
      write(to, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(CBORGenerator to, DfuCommand command) throws IOException {
    if (command instanceof DfuCommand.Wait wait) {
      begin(to, WAIT, 2);
      number(to, 0, wait.correlationId());
      number(to, 1, wait.poll());
    } else if (command instanceof DfuCommand.Sync sync) {
      begin(to, SYNC, 3);
      bytes(to, 0, sync.version().bytes());
      number(to, 1, sync.correlationId());
      number(to, 2, sync.poll());
    } else if (command instanceof DfuCommand.Write write) {
      begin(to, WRITE, 4);
      bytes(to, 0, write.version().bytes());
      number(to, 1, write.correlationId());
      number(to, 2, Optional.of(write.offset()));
      bytes(to, 3, DfuCommand.array(write.data()));
    } else if (command instanceof DfuCommand.Swap swap) {
      begin(to, SWAP, 3);
      bytes(to, 0, swap.version().bytes());
      number(to, 1, swap.correlationId());
      bytes(to, 2, DfuCommand.array(swap.checksum()));
    }
    to.writeEndObject();
    to.writeEndObject();
  }

  private static void begin(CBORGenerator to, int variant, int fields) throws IOException {
    to.writeStartObject(1);
    to.writeFieldId(variant);
    to.writeStartObject(fields);
  }

  private static void bytes(CBORGenerator to, int field, byte[] value) throws IOException {
    to.writeFieldId(field);
    to.writeBinary(value);
  }

  private static void number(CBORGenerator to, int field, Optional<Long> value) throws IOException {
    to.writeFieldId(field);
    if (value.isPresent()) {
      to.writeNumber(value.get());
    } else {
      to.writeNull();
    }
  }
}
