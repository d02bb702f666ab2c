package io.github.childconnector.adapter.fuota;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.childconnector.adapter.fuota.management.ManagedOffer;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** A device: what it has told by its polls, and what it is offered. */
final class PolledDevice implements ManagementServer.Device {
  /**
   * A device polls about every 45 seconds; what it said before three polls may not be so any more.
   */
  static final Duration FRESH = Duration.ofMinutes(2);

  private final MonotonicClock clock;
  private Optional<String> version = Optional.empty();
  private long polledAt;
  private Optional<OfferedImage> offer = Optional.empty();

  /** Held while a poll is answered, which logs; the monitor guards what this object has. */
  private final Lock answering;

  PolledDevice(MonotonicClock clock) {
    this.clock = clock;
    this.answering = clock.threads().lock();
  }

  /** The clock on which it is waited for. */
  MonotonicClock clock() {
    return clock;
  }

  /** The device asks; returns the file to fetch, empty if there is none for it. */
  Optional<String> poll(String running) {
    answering.lock();
    try {
      return hear(running).flatMap(each -> each.poll(running));
    } finally {
      answering.unlock();
    }
  }

  private synchronized Optional<OfferedImage> hear(String running) {
    version = Optional.of(running);
    polledAt = clock.nanoTime();
    return offer;
  }

  /** The image that it may fetch under this name. */
  synchronized Optional<OfferedImage> offered(String file) {
    return offer.filter(each -> each.file().equals(file));
  }

  /** Offers this from the next poll on, instead of what was offered before. */
  void begin(Offer next) {
    if (replaceBy(next).orElse(next) instanceof ManagedOffer managed) {
      managed.withdraw();
    }
  }

  private synchronized Optional<OfferedImage> replaceBy(Offer next) {
    Optional<OfferedImage> before = offer;
    offer = Optional.of(next);
    return before;
  }

  @Override
  public synchronized boolean accept(ManagedOffer next) {
    boolean isFree = offer.filter(Offer.class::isInstance).isEmpty();
    if (isFree) {
      offer = Optional.of(next);
    }
    return isFree;
  }

  @Override
  public synchronized void manageNoMore() {
    offer = offer.filter(Offer.class::isInstance);
  }

  /** Offers this no longer. */
  synchronized void end(Offer ended) {
    offer = offer.filter(each -> each != ended);
  }

  /** Offers this no longer, if the device has not polled meanwhile; tells whether it has not. */
  boolean withdraw(Offer unheard) {
    return unheard.end().withdraw(answering, () -> end(unheard));
  }

  /** The version of its latest poll. */
  synchronized String version() throws UpdateException {
    String running =
        version.orElseThrow(
            () -> unreadable("The device has not polled since the connector started."));
    Duration age = Duration.ofNanos(clock.nanoTime() - polledAt);
    if (age.compareTo(FRESH) >= 0) {
      throw unreadable(
          "The device has not polled for %s; before that it ran %s."
              .formatted(DurationText.write(age.truncatedTo(SECONDS)), running));
    }
    return running;
  }

  private static UpdateException unreadable(String sentence) {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, sentence);
  }
}
