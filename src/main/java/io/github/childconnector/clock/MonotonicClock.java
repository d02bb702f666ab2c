package io.github.childconnector.clock;

import java.time.Duration;

/** A clock that only goes forward, with the pauses and timers that are counted on it. */
public interface MonotonicClock {

  /** Nanoseconds since an arbitrary origin; only differences mean something. */
  long nanoTime();

  /** Pauses the calling thread. */
  void sleep(Duration pause) throws InterruptedException;

  /**
   * Runs {@code action} once after {@code delay}, on a thread shared by all timers: it must be
   * quick and must not throw; if it does, the thread's uncaught exception handler is told.
   */
  Timer schedule(Duration delay, Runnable action);

  /** Runs {@code action} again and again, {@code interval} after the end of the last run. */
  Timer repeat(Duration interval, Runnable action);

  /** The threads whose waits this clock bounds. */
  Threads threads();

  /** Something that will happen unless it is cancelled. */
  interface Timer {
    /** Makes it not happen any more; without effect where it has happened. */
    void cancel();
  }
}
