package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.FormatException;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.clock.MonotonicClock;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers the statuses of one device, whichever way they come. Safe for threads. */
final class DeviceDialogue {
  private static final System.Logger LOG = System.getLogger(DeviceDialogue.class.getName());

  /** Devices that get no answer say the same again only after 15 seconds and more. */
  private static final Duration ECHO = Duration.ofMillis(500);

  private final String name;
  private final DfuDevice device;
  private final Supplier<Codec> codec;
  private final MonotonicClock clock;
  private Optional<Block> last = Optional.empty();
  private boolean isTold;

  /** A status that was answered with a block. */
  private record Block(ByteBuffer status, long at) {}

  /**
   * Knows nothing of the device yet.
   *
   * @param codec made for each message, and never at start
   */
  DeviceDialogue(String name, Supplier<Codec> codec, MonotonicClock clock) {
    this.name = name;
    this.device = new DfuDevice(clock);
    this.codec = codec;
    this.clock = clock;
  }

  DfuDevice device() {
    return device;
  }

  /**
   * The command for a status, both as they are on the wire.
   *
   * @throws FormatException it is no status, so there is no answer
   */
  synchronized byte[] answer(byte[] status) throws FormatException {
    DfuCommand command = device.answer(read(status));
    last =
        command instanceof DfuCommand.Write
            ? Optional.of(new Block(ByteBuffer.wrap(status), clock.nanoTime()))
            : Optional.empty();
    return codec.get().write(command);
  }

  /**
   * The same where statuses may be delivered twice: empty for a copy of the last one, because a
   * device that gets a block twice takes it for two.
   */
  synchronized Optional<byte[]> answerOnce(byte[] status) throws FormatException {
    boolean isCopy =
        last.filter(block -> clock.nanoTime() - block.at() < ECHO.toNanos())
            .filter(block -> block.status().equals(ByteBuffer.wrap(status)))
            .isPresent();
    return isCopy ? Optional.empty() : Optional.of(answer(status));
  }

  private Status read(byte[] status) throws FormatException {
    try {
      return codec.get().read(status);
    } catch (FormatException e) {
      // It would say so again and again.
      LOG.log(
          isTold ? Level.DEBUG : Level.WARNING,
          "What came from {0} is no status of Drogue DFU and is not answered: {1}",
          name,
          e.getMessage());
      isTold = true;
      throw e;
    }
  }
}
