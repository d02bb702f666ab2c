package io.github.childconnector.adapter.drogue;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;

/** What one device has said of itself, and what it is offered. */
final class DfuDevice {
  /** What a device said before that may not be so any more. */
  static final Duration FRESH = Duration.ofMinutes(2);

  private final MonotonicClock clock;
  private Optional<Report> last = Optional.empty();
  private Optional<Offer> offer = Optional.empty();

  private record Report(DeviceVersion version, long at) {}

  DfuDevice(MonotonicClock clock) {
    this.clock = clock;
  }

  /**
   * What the device is told: if there is nothing to do, to keep what it runs, because it asks again
   * all the sooner if nobody answers.
   */
  synchronized DfuCommand answer(Status status) {
    last = Optional.of(new Report(status.version(), clock.nanoTime()));
    notifyAll();
    return offer.map(each -> each.answer(status)).orElseGet(() -> DfuCommand.sync(status));
  }

  /** Offers this from the next status on, instead of what was offered before. */
  synchronized void begin(Offer next) {
    offer = Optional.of(next);
  }

  /** Offers this no longer. */
  synchronized void end(Offer ended) {
    offer = offer.filter(each -> each != ended);
  }

  /**
   * Offers this no longer, if the device has not said anything meanwhile; tells whether it has not.
   */
  synchronized boolean withdraw(Offer unheard) {
    if (!unheard.isHeard()) {
      end(unheard);
    }
    return !unheard.isHeard();
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

  /** The version of its next status; empty if there is none within this time. */
  synchronized Optional<DeviceVersion> awaitNext(Duration limit) throws InterruptedException {
    Deadline end = Deadline.after(limit, clock);
    Optional<Report> before = last;
    while (last.equals(before) && !end.expired()) {
      wait(end.remaining().toMillis() + 1);
    }
    return last.filter(report -> !Optional.of(report).equals(before)).map(Report::version);
  }

  private static UpdateException unreadable(String sentence) {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, sentence);
  }
}
