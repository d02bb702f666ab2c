package io.github.childconnector.clock;

import io.github.childconnector.clock.SystemClock.SystemThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * A clock that stands still until it is told to go on.
 *
 * <p>{@link #advance} moves it, runs the timers that have become due in the calling thread, in
 * their order, and wakes the sleepers. A {@link #jumping} clock moves by itself whenever somebody
 * sleeps.
 */
@NullMarked
public final class FakeClock implements MonotonicClock {
  private final Threads threads = new SystemThreads();
  private final boolean jumping;
  private final List<Due> timers = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private long now;
  private int sleepers;

  private FakeClock(boolean jumping) {
    this.jumping = jumping;
  }

  /** A clock on which sleepers sleep until {@link #advance}. */
  public static FakeClock standing() {
    return new FakeClock(false);
  }

  /** A clock on which every pause is over at once, having moved the clock by its length. */
  public static FakeClock jumping() {
    return new FakeClock(true);
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  /** The pauses that were asked for so far. */
  public synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    synchronized (this) {
      pauses.add(pause);
    }
    if (jumping) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      advance(pause);
    } else {
      sleepUntil(nanoTime() + pause.toNanos());
    }
  }

  private synchronized void sleepUntil(long end) throws InterruptedException {
    sleepers++;
    notifyAll();
    try {
      while (now < end) {
        wait();
      }
    } finally {
      sleepers--;
    }
  }

  /** Returns when at least {@code count} threads sleep on this clock. */
  public synchronized void awaitSleepers(int count) throws InterruptedException {
    while (sleepers < count) {
      wait();
    }
  }

  /** Returns when at least {@code count} timers are set on this clock. */
  public synchronized void awaitTimers(int count) throws InterruptedException {
    while (timers.size() < count) {
      wait();
    }
  }

  /** The number of actions that have yet to run. */
  public synchronized int timers() {
    return timers.size();
  }

  /** Whether an action that was scheduled with this delay has yet to run. */
  public synchronized boolean awaits(Duration delay) {
    return timers.stream().anyMatch(due -> due.delay.equals(delay));
  }

  /** Moves the clock, running what becomes due on the way. */
  public void advance(Duration by) {
    long end = nanoTime() + by.toNanos();
    for (Due due = nextUntil(end); due != Due.NONE; due = nextUntil(end)) {
      due.action.run();
    }
    synchronized (this) {
      // Never back: a sleeper that was woken on the way may have moved it further.
      now = Math.max(now, end);
      notifyAll();
    }
  }

  private synchronized Due nextUntil(long end) {
    Due due =
        timers.stream()
            .filter(timer -> timer.at <= end)
            .min(Comparator.comparingLong(timer -> timer.at))
            .orElse(Due.NONE);
    if (timers.remove(due)) {
      now = Math.max(now, due.at);
      notifyAll();
      if (due.interval > 0) {
        due.at = now + due.interval;
        timers.add(due);
      }
    }
    return due;
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return add(new Due(delay, nanoTime() + delay.toNanos(), 0, action));
  }

  @Override
  public Timer repeat(Duration interval, Runnable action) {
    return add(new Due(interval, nanoTime() + interval.toNanos(), interval.toNanos(), action));
  }

  private synchronized Timer add(Due due) {
    timers.add(due);
    notifyAll();
    return () -> {
      synchronized (this) {
        timers.remove(due);
      }
    };
  }

  /** Threads of the operating system, whose waits are not on this clock. */
  @Override
  public Threads threads() {
    return threads;
  }

  private static final class Due {
    private static final Due NONE = new Due(Duration.ZERO, Long.MAX_VALUE, 0, () -> {});
    private final Duration delay;
    private final long interval;
    private final Runnable action;
    private long at;

    private Due(Duration delay, long at, long interval, Runnable action) {
      this.delay = delay;
      this.at = at;
      this.interval = interval;
      this.action = action;
    }
  }
}
