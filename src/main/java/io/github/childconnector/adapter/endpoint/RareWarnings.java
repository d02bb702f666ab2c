package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.clock.MonotonicClock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Warnings of what strangers can bring about as often as they like. The first one of each subject
 * is logged at once, and after that one a minute, with the number of those that were left out. Safe
 * for threads.
 */
final class RareWarnings {
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** Strangers choose what they call themselves: all further subjects are one. */
  static final int MOST_SUBJECTS = 64;

  private static final String OTHERS = "";

  private final System.Logger log;
  private final MonotonicClock clock;
  private final Map<String, Told> told = new LinkedHashMap<>();

  /** When a subject was told of, and how often it was not since. */
  private record Told(long at, long leftOut) {}

  RareWarnings(System.Logger log, MonotonicClock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Logs a sentence about a subject, unless one was logged within the last minute. */
  void warn(String subject, String sentence) {
    OptionalLong leftOut = due(subject);
    if (leftOut.isPresent()) {
      long more = leftOut.getAsLong();
      String also = more == 0 ? "" : " (and " + more + " more times since the last such line)";
      log.log(Level.WARNING, "{0}{1}", sentence, also);
    }
  }

  /** Returns how many were left out before this one; empty if it is left out itself. */
  private synchronized OptionalLong due(String subject) {
    if (told.size() >= MOST_SUBJECTS) {
      told.values().removeIf(each -> !isFresh(each));
    }
    boolean isKnown = told.containsKey(subject) || told.size() < MOST_SUBJECTS;
    String key = isKnown ? subject : OTHERS;
    Told before = told.getOrDefault(key, new Told(0, -1));
    if (before.leftOut() >= 0 && isFresh(before)) {
      told.put(key, new Told(before.at(), before.leftOut() + 1));
      return OptionalLong.empty();
    }
    told.put(key, new Told(clock.nanoTime(), 0));
    return OptionalLong.of(Math.max(0, before.leftOut()));
  }

  private boolean isFresh(Told each) {
    return clock.nanoTime() - each.at() < PAUSE.toNanos();
  }
}
