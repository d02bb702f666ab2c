package io.github.childconnector.journal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * An operation's cost up to now, over all processes that have worked on it, so that a restart
 * begins none of its limits anew.
 *
 * @param interruptions how often its installation was cut off and begun again
 * @param times how long it has worked within each limit, in whole milliseconds of the monotonic
 *     clock; a limit that is not there has cost nothing yet
 */
public record Effort(int interruptions, Map<Limit, Duration> times) {
  /** Nothing was done yet. */
  public static final Effort NONE = new Effort(0, Map.of());

  /** The limits that go on after a restart. */
  public enum Limit {
    /** How long a device may be busy ({@code busy_timeout}). */
    BUSY,
    /** How long an installation may take ({@code install_timeout}). */
    INSTALL,
    /** How long the device may take to run the new version ({@code confirm_timeout}). */
    CONFIRM,
    /** How long it may take to make an installation final ({@code install_timeout}). */
    COMMIT;

    /** The limit as the journal writes it, for example {@code install}. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Keeps its own copy of the times, without those that are nothing.
   *
   * @throws IllegalArgumentException a time is negative
   */
  public Effort {
    Map<Limit, Duration> kept = new EnumMap<>(Limit.class);
    times.forEach(
        (limit, time) -> {
          if (time.isNegative()) {
            throw new IllegalArgumentException("the time of " + limit.word() + " is negative");
          }
          kept.put(limit, time.truncatedTo(ChronoUnit.MILLIS));
        });
    kept.values().removeIf(Duration::isZero);
    times = Collections.unmodifiableMap(kept);
  }

  /** How long it has worked within a limit. */
  public Duration within(Limit limit) {
    return times.getOrDefault(limit, Duration.ZERO);
  }

  /** By how much the time within any one limit is longer than it was. */
  public Duration exceeds(Effort before) {
    return times.keySet().stream()
        .map(limit -> within(limit).minus(before.within(limit)))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Returns the same interruptions with these times. */
  public Effort lasting(Map<Limit, Duration> now) {
    return new Effort(interruptions, now);
  }

  /** Returns the same times with one more interruption. */
  public Effort interrupted() {
    return new Effort(interruptions + 1, times);
  }
}
