package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.fuota.management.ManagedOffer;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.clock.MonotonicClock;
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
    clock.threads().wake(this);
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

  /** The version of its latest poll; waits for one if that was long ago. */
  synchronized String awaitVersion() throws InterruptedException {
    while (version.isEmpty() || clock.nanoTime() - polledAt >= FRESH.toNanos()) {
      clock.threads().await(this, FRESH);
    }
    return version.get();
  }
}
