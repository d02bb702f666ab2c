package io.github.childconnector.adapter.drogue.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Postcard 1.0, as on serial lines: numbers as LEB128, bytes after their length, an option as 00 or
 * 01 and its value, a variant as its number. What follows a message is ignored.
 *
 * <pre>
 * Status{version 0.1.0, mtu 512, correlation id 1}   05 302e312e30 01 8004 01 01 00
 * Write{version 0.1.1, offset 0, data "hello"}       02 05 302e312e31 00 00 05 68656c6c6f
 * </pre>
 */
public final class PostcardCodec implements Codec {
  private static final int NUMBER_BYTES = 5;
  private static final long MAX_NUMBER = 0xFFFF_FFFFL;

  @Override
  public Status read(byte[] message) throws FormatException {
    ByteBuffer from = ByteBuffer.wrap(message);
    DeviceVersion version = DeviceVersion.of(bytes(from));
    Optional<Long> mtu = optionalNumber(from);
    Optional<Long> correlationId = optionalNumber(from);
    return new Status(version, mtu, correlationId, received(from));
  }

  private static Optional<Status.Received> received(ByteBuffer from) throws FormatException {
    return isPresent(from)
        ? Optional.of(new Status.Received(DeviceVersion.of(bytes(from)), number(from)))
        : Optional.empty();
  }

  private static Optional<Long> optionalNumber(ByteBuffer from) throws FormatException {
    return isPresent(from) ? Optional.of(number(from)) : Optional.empty();
  }

  private static boolean isPresent(ByteBuffer from) throws FormatException {
    int tag = next(from);
    if (tag > 1) {
      throw new FormatException("an option begins with " + tag + " instead of 0 or 1");
    }
    return tag == 1;
  }

  private static byte[] bytes(ByteBuffer from) throws FormatException {
    long length = number(from);
    if (length > from.remaining()) {
      throw new FormatException("a text of " + length + " bytes is longer than the message");
    }
    byte[] bytes = new byte[(int) length];
    from.get(bytes);
    return bytes;
  }

  private static long number(ByteBuffer from) throws FormatException {
    long number = 0;
    for (int group = 0; group < NUMBER_BYTES; group++) {
      int next = next(from);
      number |= (long) (next & 0x7F) << (7 * group);
      if (next < 0x80 && number <= MAX_NUMBER) {
        return number;
      }
    }
    throw new FormatException("a number has more than 32 bits");
  }

  private static int next(ByteBuffer from) throws FormatException {
    if (!from.hasRemaining()) {
      throw new FormatException("the message ends too early");
    }
    return from.get() & 0xFF;
  }

  @Override
  public byte[] write(DfuCommand command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      command.write(new PlainFields(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The variant and the fields, one behind the other. */
  private record PlainFields(ByteArrayOutputStream to) implements DfuCommand.Fields {
    @Override
    public void begin(int variant, int fields) {
      to.write(variant);
    }

    @Override
    public void bytes(byte[] value) {
      number(value.length);
      to.writeBytes(value);
    }

    @Override
    public void number(long value) {
      long left = value;
      while (left >= 0x80) {
        to.write((int) ((left & 0x7F) | 0x80));
        left >>>= 7;
      }
      to.write((int) left);
    }

    @Override
    public void option(Optional<Long> value) {
      to.write(value.isPresent() ? 1 : 0);
      value.ifPresent(this::number);
    }
  }
}
