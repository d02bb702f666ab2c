package io.github.childconnector.clock;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A moment on a monotonic clock after which something has taken too long. */
public final class Deadline {
  private final MonotonicClock clock;
  private final long end;

  private Deadline(MonotonicClock clock, long end) {
    this.clock = clock;
    this.end = end;
  }

  /** The moment that lies {@code limit} ahead. */
  public static Deadline after(Duration limit, MonotonicClock clock) {
    return new Deadline(clock, clock.nanoTime() + limit.toNanos());
  }

  /** Whether the moment has passed. */
  public boolean expired() {
    return clock.nanoTime() - end >= 0;
  }

  /** Returns what is left until the moment; zero once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - clock.nanoTime()));
  }

  /** The shorter of {@code wish} and what is left. */
  public Duration atMost(Duration wish) {
    return Collections.min(List.of(wish, remaining()));
  }
}
