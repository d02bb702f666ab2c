package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.fuota.management.ManagedOffer;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.Optional;

/** A device: what it has told by its polls, and what it is offered. */
final class PolledDevice implements ManagementServer.Device {
  /**
   * A device polls about every 45 seconds; what it said before three polls may not be so any more.
   */
  static final Duration FRESH = Duration.ofMinutes(2);

  private final MonotonicClock clock;
  private Optional<String> version = Optional.empty();
  private long polledAt;
  private Optional<Offer> offer = Optional.empty();
  private Optional<ManagedOffer> managed = Optional.empty();

  PolledDevice(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The clock on which it is waited for. */
  MonotonicClock clock() {
    return clock;
  }

  /** The device asks; returns the file to fetch, empty if there is none for it. */
  synchronized Optional<String> poll(String running) {
    version = Optional.of(running);
    polledAt = clock.nanoTime();
    clock.threads().wake(this);
    return offer.isPresent()
        ? offer.get().poll(running)
        : managed.flatMap(each -> each.poll(running));
  }

  /** The image that it may fetch under this name. */
  synchronized Optional<OfferedImage> offered(String file) {
    return offer
        .<OfferedImage>map(each -> each)
        .or(() -> managed)
        .filter(each -> each.file().equals(file));
  }

  /** Offers this from the next poll on, instead of what was offered before. */
  void begin(Offer next) {
    replaceBy(next).ifPresent(ManagedOffer::withdraw);
  }

  private synchronized Optional<ManagedOffer> replaceBy(Offer next) {
    Optional<ManagedOffer> before = managed;
    offer = Optional.of(next);
    managed = Optional.empty();
    return before;
  }

  @Override
  public synchronized boolean accept(ManagedOffer next) {
    boolean isFree = offer.isEmpty();
    if (isFree) {
      managed = Optional.of(next);
    }
    return isFree;
  }

  @Override
  public synchronized void manageNoMore() {
    managed = Optional.empty();
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
