package io.github.childconnector.adapter.drogue.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A command to a device: a variant with fields, in this order. Numbers are unsigned 32 bit, in a
 * long. The variant 0, to do nothing for now, is never sent.
 *
 * <pre>
 * 1 Sync    version, correlation id, poll
 * 2 Write   version, correlation id, offset, data
 * 3 Swap    version, correlation id, checksum
 * </pre>
 */
public sealed interface DfuCommand {
  /** Writes the variant and its fields. */
  void write(Fields to) throws IOException;

  /**
   * Whether a copy of the status it answers must not be answered once more: a block would be taken
   * for the next one, and a device that was told when to ask again has not heard it yet.
   */
  default boolean isForOneStatus() {
    return false;
  }

  /** Takes what a command consists of, in a form that devices read. */
  interface Fields {
    /** Comes first, with the number of fields that follow. */
    void begin(int variant, int fields) throws IOException;

    /** A field that is there. */
    void bytes(byte[] value) throws IOException;

    /** A field that is there. */
    void number(long value) throws IOException;

    /** A field that may be absent. */
    void option(Optional<Long> value) throws IOException;
  }

  /** The command to keep what the device runs. */
  static DfuCommand sync(Status status) {
    return new Sync(status.version(), status.correlationId(), Optional.empty());
  }

  /**
   * The same, and to ask again after some time.
   *
   * @param poll in whole seconds
   */
  static DfuCommand sync(Status status, Duration poll) {
    return new Sync(status.version(), status.correlationId(), Optional.of(poll.toSeconds()));
  }

  /** The bytes of a buffer, which stays as it is. */
  static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /**
   * The device runs what it should, and shall keep it: this is what makes a new version permanent.
   *
   * @param correlationId what the status had, or nothing, here and below
   * @param poll seconds until it is to ask again
   */
  record Sync(DeviceVersion version, Optional<Long> correlationId, Optional<Long> poll)
      implements DfuCommand {
    @Override
    public void write(Fields to) throws IOException {
      to.begin(1, 3);
      to.bytes(version.bytes());
      to.option(correlationId);
      to.option(poll);
    }

    @Override
    public boolean isForOneStatus() {
      return poll.isPresent();
    }
  }

  /** Store this block of the version. */
  record Write(DeviceVersion version, Optional<Long> correlationId, long offset, ByteBuffer data)
      implements DfuCommand {
    @Override
    public void write(Fields to) throws IOException {
      to.begin(2, 4);
      to.bytes(version.bytes());
      to.option(correlationId);
      to.number(offset);
      to.bytes(array(data));
    }

    @Override
    public boolean isForOneStatus() {
      return true;
    }
  }

  /**
   * All is there: boot it on trial.
   *
   * @param checksum the SHA-256 of the image, or nothing
   */
  record Swap(DeviceVersion version, Optional<Long> correlationId, ByteBuffer checksum)
      implements DfuCommand {
    @Override
    public void write(Fields to) throws IOException {
      to.begin(3, 3);
      to.bytes(version.bytes());
      to.option(correlationId);
      to.bytes(array(checksum));
    }
  }
}
