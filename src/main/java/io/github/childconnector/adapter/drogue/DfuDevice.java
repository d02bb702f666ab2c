package io.github.childconnector.adapter.drogue;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;

/** A device: what it has said of itself, and what it is offered. */
final class DfuDevice {
  /** The age after which what a device said may not be so any more. */
  static final Duration FRESH = Duration.ofMinutes(2);

  /** Longer than devices wait for an answer, which is 40 seconds at the most. */
  private static final Duration KEEPING = Duration.ofMinutes(1);

  /** When a device that is to be watched shall ask again. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private static final Duration EARLIEST = Duration.ofSeconds(1);

  /** Devices that got no answer say the same again after 15 seconds and more. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private final MonotonicClock clock;
  private Optional<Report> last = Optional.empty();
  private Optional<Offer> offer = Optional.empty();
  private Optional<Deadline> watch = Optional.empty();

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

    /** Neither a copy of the report before, nor the same again because there was no answer. */
    boolean isFollowedBy(Status status, MonotonicClock clock) {
      Duration pause = Duration.ofNanos(clock.nanoTime() - at);
      return isWatched
          && version.equals(status.version())
          && pause.compareTo(EARLIEST) >= 0
          && pause.compareTo(LATEST) <= 0;
    }
  }

  DfuDevice(MonotonicClock clock) {
    this.clock = clock;
  }

  /**
   * Returns what the device is told: if there is nothing to do, to keep what it runs, because it
   * asks again all the sooner if nobody answers.
   */
  synchronized DfuCommand answer(Status status) {
    boolean hasHeard = last.filter(before -> before.isFollowedBy(status, clock)).isPresent();
    DfuCommand command =
        offer.map(each -> each.answer(status)).orElseGet(() -> DfuCommand.sync(status));
    if (offer.filter(each -> each.end().isSuccess()).isPresent()) {
      watch = Optional.of(Deadline.after(KEEPING, clock));
    }
    boolean isWatched = watch.filter(end -> !end.expired()).isPresent();
    last = Optional.of(new Report(status.version(), clock.nanoTime(), isWatched, hasHeard));
    clock.threads().wake(this);
    return isWatched && command instanceof DfuCommand.Sync
        ? DfuCommand.sync(status, SOON)
        : command;
  }

  /** Offers this from the next status on, instead of what was offered before. */
  synchronized void begin(Offer next) {
    offer = Optional.of(next);
    watch = Optional.empty();
  }

  /** Offers this no longer. */
  synchronized void end(Offer ended) {
    offer = offer.filter(each -> each != ended);
  }

  /**
   * Offers this no longer, if the device has not said anything meanwhile; tells whether it has not.
   */
  synchronized boolean withdraw(Offer unheard) {
    if (!unheard.end().isHeard()) {
      end(unheard);
    }
    return !unheard.end().isHeard();
  }

  /** The version of its latest status. */
  synchronized String version() throws UpdateException {
    Report report =
        last.orElseThrow(
            () -> unreadable("The device has not said anything since the connector started."));
    Duration age = Duration.ofNanos(clock.nanoTime() - report.at());
    if (age.compareTo(FRESH) >= 0) {
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
