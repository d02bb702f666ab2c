package io.github.childconnector.clock;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The growing pauses between tries of something that fails: doubled each time up to a limit, then
 * shortened at random by up to half, so that many gateways do not try in step.
 */
public final class Backoff {
  private final Duration first;
  private final Duration limit;
  private final RandomGenerator random;
  private Duration next;

  /** Pauses from {@code first} up to {@code limit}. */
  public Backoff(Duration first, Duration limit, RandomGenerator random) {
    this.first = first;
    this.limit = limit;
    this.random = random;
    this.next = first;
  }

  /** The pause before the next try. */
  public Duration next() {
    Duration pause = next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(limit) < 0 ? doubled : limit;
    return Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.nextDouble() / 2)));
  }

  /** Begins again with the first pause, after a success. */
  public void reset() {
    next = first;
  }
}
