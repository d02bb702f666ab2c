package io.github.childconnector.clock;

import io.github.childconnector.clock.SystemClock.SystemThreads;

import java.time.Duration;

/**
 * A clock that stands still, on which one pause is over at once and all others never: so Fray's
 * schedules, and not the time, decide what comes first.
 */
public final class HurriedClock implements MonotonicClock {
  private final Duration hurried;
  private final Threads threads = new SystemThreads();

  /** Runs what is scheduled with this delay at once, in the thread that schedules it. */
  public HurriedClock(Duration hurried) {
    this.hurried = hurried;
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public synchronized void sleep(Duration pause) throws InterruptedException {
    while (!pause.equals(hurried)) {
      wait();
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    if (delay.equals(hurried)) {
      action.run();
    }
    return () -> {};
  }

  @Override
  public Timer repeat(Duration interval, Runnable action) {
    return () -> {};
  }

  @Override
  public Threads threads() {
    return threads;
  }
}
