package io.github.childconnector.adapter.drogue;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * A device: answers its statuses, whichever way they come, and knows what it has said of itself and
 * what it is offered. Safe for threads.
 */
final class DfuDevice {
  private static final System.Logger LOG = System.getLogger(DfuDevice.class.getName());

  /** The age after which what a device said may not be so any more. */
  static final Duration FRESH = Duration.ofMinutes(2);

  /** Devices that get no answer say the same again only after 15 seconds and more. */
  private static final Duration ECHO = Duration.ofMillis(500);

  /** Longer than devices wait for an answer, which is 40 seconds at the most. */
  private static final Duration KEEPING = Duration.ofMinutes(1);

  /** When a device shall ask again that is to look at what it has. */
  static final Duration AGAIN = Duration.ofSeconds(1);

  /** When a device that is to be watched shall ask again. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private static final Duration EARLIEST = Duration.ofSeconds(1);

  /** Devices that got no answer say the same again after 15 seconds and more. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private final String name;
  private final Supplier<Codec> codec;
  private final MonotonicClock clock;

  /** Held while a status is answered, which writes to the disk. */
  private final Lock answering;

  private Optional<Offer> offer = Optional.empty();

  /** The last status as it was on the wire, if its answer was for it alone. */
  private Optional<ByteBuffer> lastAnswered = Optional.empty();

  private boolean isTold;
  private final RecentSwap swap;

  /** Guarded by this object's monitor, on which it is awaited; so is what follows. */
  private Optional<Report> last = Optional.empty();

  private Optional<Deadline> watch = Optional.empty();
  private Optional<Duration> idlePoll = Optional.empty();

  /**
   * A status that the device has said.
   *
   * @param isWatched whether it was told to ask again soon
   * @param hasHeard whether it asked again as it was told to
   */
  private record Report(DeviceVersion version, long at, boolean isWatched, boolean hasHeard) {
    /** Whether it shows that the version was kept, or was not. */
    boolean isFinal(DeviceVersion target) {
      return hasHeard || !version.equals(target);
    }

    Duration age(MonotonicClock clock) {
      return Duration.ofNanos(clock.nanoTime() - at);
    }

    /** Neither a copy of the report before, nor the same again because there was no answer. */
    boolean isFollowedBy(Status status, Duration pause) {
      return isWatched
          && version.equals(status.version())
          && pause.compareTo(EARLIEST) >= 0
          && pause.compareTo(LATEST) <= 0;
    }
  }

  /**
   * A device that has not said anything yet.
   *
   * @param name what people know it by
   * @param codec made for each message, and never at start
   */
  DfuDevice(String name, Supplier<Codec> codec, MonotonicClock clock) {
    this.name = name;
    this.codec = codec;
    this.clock = clock;
    this.answering = clock.threads().lock();
    this.swap = new RecentSwap(clock);
  }

  /** The clock on which it is waited for. */
  MonotonicClock clock() {
    return clock;
  }

  /**
   * The command for a status, both as they are on the wire; empty if there is none to it.
   *
   * @throws FormatException it is no status, so there is no answer
   */
  Optional<byte[]> answer(byte[] status) throws FormatException {
    answering.lock();
    try {
      Status said = read(status);
      return swap.isAfter(said) ? Optional.empty() : Optional.of(answer(status, said));
    } finally {
      answering.unlock();
    }
  }

  private byte[] answer(byte[] status, Status said) {
    answering.lock();
    try {
      DfuCommand command = answer(said);
      lastAnswered = Optional.of(ByteBuffer.wrap(status)).filter(it -> command.isForOneStatus());
      return codec.get().write(command);
    } finally {
      answering.unlock();
    }
  }

  /**
   * The same where statuses may be delivered twice: empty for a copy of the last one, because a
   * device that gets a block twice takes it for two.
   */
  Optional<byte[]> answerOnce(byte[] status) throws FormatException {
    answering.lock();
    try {
      boolean isCopy =
          lastAnswered.equals(Optional.of(ByteBuffer.wrap(status))) && !isSilentFor(ECHO);
      return isCopy ? Optional.empty() : answer(status);
    } finally {
      answering.unlock();
    }
  }

  private synchronized boolean isSilentFor(Duration length) {
    return last.filter(report -> report.age(clock).compareTo(length) < 0).isEmpty();
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

  /**
   * Returns what the device is told: if there is nothing to do, to keep what it runs, because it
   * asks again all the sooner if nobody answers.
   */
  DfuCommand answer(Status status) {
    answering.lock();
    try {
      boolean hasHeard = isFollowing(status);
      DfuCommand command = offer.map(each -> each.answer(status)).orElseGet(() -> idle(status));
      swap.note(status, command);
      boolean isRunning = offer.filter(each -> each.end().isSuccess()).isPresent();
      boolean isWatched = note(status.version(), hasHeard, isRunning);
      return isWatched && command instanceof DfuCommand.Sync
          ? DfuCommand.sync(status, SOON)
          : command;
    } finally {
      answering.unlock();
    }
  }

  private synchronized DfuCommand idle(Status status) {
    return idlePoll
        .map(pause -> DfuCommand.sync(status, pause))
        .orElseGet(() -> DfuCommand.sync(status));
  }

  /** Sets when it is to ask again while there is nothing for it; empty to let it choose. */
  synchronized void idlePoll(Optional<Duration> pause) {
    idlePoll = pause;
  }

  private synchronized boolean isFollowing(Status status) {
    return last.filter(before -> before.isFollowedBy(status, before.age(clock))).isPresent();
  }

  /** Returns whether it is to be watched. */
  private synchronized boolean note(DeviceVersion version, boolean hasHeard, boolean isRunning) {
    if (isRunning) {
      watch = Optional.of(Deadline.after(KEEPING, clock));
    }
    boolean isWatched = watch.filter(end -> !end.expired()).isPresent();
    last = Optional.of(new Report(version, clock.nanoTime(), isWatched, hasHeard));
    clock.threads().wake(this);
    return isWatched;
  }

  /** Offers this from the next status on, instead of what was offered before. */
  void begin(Offer next) {
    answering.lock();
    try {
      offer = Optional.of(next);
      watch(Optional.empty());
    } finally {
      answering.unlock();
    }
  }

  private synchronized void watch(Optional<Deadline> end) {
    watch = end;
  }

  /** Offers this no longer. */
  void end(Offer ended) {
    answering.lock();
    try {
      offer = offer.filter(each -> each != ended);
    } finally {
      answering.unlock();
    }
  }

  /**
   * Offers this no longer, if the device has not said anything meanwhile; tells whether it has not.
   */
  boolean withdraw(Offer unheard) {
    return unheard.end().withdraw(answering, () -> end(unheard));
  }

  /** The version of its latest status. */
  synchronized String version() throws UpdateException {
    Report report =
        last.orElseThrow(
            () -> unreadable("The device has not said anything since the connector started."));
    Duration age = report.age(clock);
    if (age.compareTo(FRESH.plus(idlePoll.orElse(Duration.ZERO))) >= 0) {
      throw unreadable(
          "The device has said nothing for %s; before that it ran %s."
              .formatted(DurationText.write(age.truncatedTo(SECONDS)), report.version()));
    }
    return report.version().text();
  }

  /**
   * Waits until the device shows that it received the sync, by asking again when it was told to, or
   * says another version, and returns the version it then runs. Returns the last that it has said,
   * if any, where there is neither within a minute.
   */
  synchronized Optional<DeviceVersion> awaitKept(DeviceVersion target) throws InterruptedException {
    Deadline end = Deadline.after(KEEPING, clock);
    watch = Optional.of(end);
    while (last.filter(report -> report.isFinal(target)).isEmpty() && !end.expired()) {
      clock.threads().await(this, end.remaining().plusMillis(1));
    }
    watch = Optional.empty();
    return last.map(Report::version);
  }

  private static UpdateException unreadable(String sentence) {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, sentence);
  }
}
