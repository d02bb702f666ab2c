package io.github.childconnector.adapter.drogue.wire;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** What a device is told to do. Numbers are unsigned 32 bit, in a long. */
public sealed interface DfuCommand {
  /** What the status had, or nothing. */
  Optional<Long> correlationId();

  /** The command to keep what the device runs. */
  static DfuCommand sync(Status status) {
    return new Sync(status.version(), status.correlationId(), Optional.empty());
  }

  /**
   * The same, and to ask again so soon.
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
   * Nothing for now.
   *
   * @param poll seconds until it is to ask again
   */
  record Wait(Optional<Long> correlationId, Optional<Long> poll) implements DfuCommand {}

  /** It runs what it should, and shall keep it: this is what makes a new version permanent. */
  record Sync(DeviceVersion version, Optional<Long> correlationId, Optional<Long> poll)
      implements DfuCommand {}

  /** Store this block of the version. */
  record Write(DeviceVersion version, Optional<Long> correlationId, long offset, ByteBuffer data)
      implements DfuCommand {}

  /**
   * All is there: boot it on trial.
   *
   * @param checksum the SHA-256 of the image, or nothing
   */
  record Swap(DeviceVersion version, Optional<Long> correlationId, ByteBuffer checksum)
      implements DfuCommand {}
}
