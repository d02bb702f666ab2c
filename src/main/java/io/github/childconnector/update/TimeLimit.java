package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;

/**
 * Bounds a call in time by interrupting its thread, and tells that interrupt from the one by which
 * the connector stops.
 */
public final class TimeLimit {
  private final MonotonicClock clock;

  /** Bounds by this clock. */
  public TimeLimit(MonotonicClock clock) {
    this.clock = clock;
  }

  /** What is bounded. */
  public interface Call<T, E extends Exception> {
    /** Works until it is done, or until it is interrupted. */
    T run() throws UpdateException, InterruptedException, E;
  }

  /** The time was up before the call had ended. */
  public static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Runs a call in this thread.
   *
   * @throws Exceeded it was interrupted, because the time was up
   */
  public <T, E extends Exception> T call(Duration limit, Call<T, E> call)
      throws Exceeded, UpdateException, InterruptedException, E {
    Watch watch = new Watch(Thread.currentThread());
    MonotonicClock.Timer timer = clock.schedule(limit, watch::expire);
    try {
      return call.run();
    } catch (InterruptedException e) {
      if (watch.isExpired()) {
        throw new Exceeded();
      }
      throw e;
    } finally {
      timer.cancel();
      watch.end();
    }
  }

  private static final class Watch {
    private final Thread thread;
    private boolean expired;
    private boolean ended;

    private Watch(Thread thread) {
      this.thread = thread;
    }

    private synchronized void expire() {
      if (!ended) {
        expired = true;
        thread.interrupt();
      }
    }

    private synchronized boolean isExpired() {
      return expired;
    }

    /** After this the thread is free of our interrupt, whether the call has noticed it or not. */
    private synchronized void end() {
      ended = true;
      if (expired) {
        Thread.interrupted();
      }
    }
  }
}
