package io.github.childconnector.image;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;

/**
 * Ends one connection when it brings nothing for too long or the deadline of the image has come,
 * which the HTTP client itself does not do once the headers are there.
 *
 * <p>Only time spent waiting for the network counts as a stall: a slow disk is no fault of the
 * server.
 */
final class StallWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Duration limit;
  private final Deadline deadline;
  private final MonotonicClock clock;
  private final MonotonicClock.Timer timer;
  private Runnable end = () -> {};
  private boolean waiting;
  private long since;
  private String verdict = "";

  StallWatch(Duration limit, Deadline deadline, MonotonicClock clock) {
    this.limit = limit;
    this.deadline = deadline;
    this.clock = clock;
    this.timer = clock.repeat(INTERVAL, this::look);
  }

  /** Says what ends the connection; it is run at once where the watch has already tripped. */
  synchronized void guard(Runnable ending) {
    end = ending;
    if (tripped()) {
      end.run();
    }
  }

  /** From now on, the network is waited for. */
  synchronized void waiting() {
    waiting = true;
    since = clock.nanoTime();
  }

  /** Something came. */
  synchronized void arrived() {
    waiting = false;
  }

  /** Whether this watch ended the connection. */
  synchronized boolean tripped() {
    return !verdict.isEmpty();
  }

  /** Why it did, as the end of a sentence. */
  synchronized String verdict() {
    return verdict;
  }

  private synchronized void look() {
    if (stalled()) {
      trip("nothing came for %d s (download.stall_timeout)".formatted(limit.toSeconds()));
    } else if (deadline.expired()) {
      trip("it was still coming");
    }
  }

  private void trip(String why) {
    if (!tripped()) {
      verdict = why;
      end.run();
    }
  }

  private boolean stalled() {
    return waiting && clock.nanoTime() - since >= limit.toNanos();
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
