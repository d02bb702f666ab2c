package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.journal.Effort.Limit;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how long an operation works within each of its limits, over all processes that work on
 * it: those before have left their times in the journal. Safe for threads.
 */
final class Stopwatches {
  private final MonotonicClock clock;
  private final Map<Limit, Duration> ended = new EnumMap<>(Limit.class);
  private final Map<Limit, Run> running = new EnumMap<>(Limit.class);

  /** A stopwatch that runs, since {@code begin}, and until when it may. */
  record Run(long begin, Deadline deadline) {}

  /** Goes on from the times of earlier processes. */
  Stopwatches(Map<Limit, Duration> before, MonotonicClock clock) {
    this.clock = clock;
    ended.putAll(before);
  }

  /** The stopwatch of a limit, if it runs. */
  synchronized Optional<Run> running(Limit limit) {
    return Optional.ofNullable(running.get(limit));
  }

  synchronized boolean isAnyRunning() {
    return !running.isEmpty();
  }

  synchronized Run start(Limit limit, Duration rest) {
    Run run = new Run(clock.nanoTime(), Deadline.after(rest, clock));
    running.put(limit, run);
    return run;
  }

  synchronized void stop(Limit limit) {
    ended.put(limit, spent(limit));
    running.remove(limit);
  }

  /** Forgets the time since its last start. */
  synchronized void drop(Limit limit) {
    running.remove(limit);
  }

  /** Forgets all time of a limit. */
  synchronized void reset(Limit limit) {
    running.remove(limit);
    ended.remove(limit);
  }

  private Duration spent(Limit limit) {
    Duration before = ended.getOrDefault(limit, Duration.ZERO);
    return running(limit)
        .map(run -> before.plusNanos(clock.nanoTime() - run.begin()))
        .orElse(before);
  }

  /** The times up to now. */
  synchronized Map<Limit, Duration> times() {
    Map<Limit, Duration> times = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      times.put(limit, spent(limit));
    }
    return times;
  }

  /** The time that is left of a limit. */
  synchronized Duration rest(Limit limit, Duration whole) {
    return positive(whole.minus(spent(limit)));
  }

  /**
   * The time for what has to begin again after a restart, and is wronged by less than half of its
   * limit: a flasher would be stopped half way, and a device that starts with its gateway not be
   * seen. So that restarts cannot lengthen it for ever, all together is at most twice the limit.
   */
  synchronized Duration restAnew(Limit limit, Duration whole) {
    Duration most = whole.multipliedBy(2).minus(spent(limit));
    Duration least = Collections.min(List.of(whole.dividedBy(2), most));
    return positive(Collections.max(List.of(whole.minus(spent(limit)), least)));
  }

  private static Duration positive(Duration length) {
    return length.isNegative() ? Duration.ZERO : length;
  }
}
