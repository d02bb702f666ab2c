package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * The end of an offer of an image to a device: told by the thread that answers the device, awaited
 * by the one that installs. The first end that is told is the end.
 */
public final class OfferEnd {
  private final MonotonicClock clock;
  private final Runnable news;
  private boolean isHeard;
  private Optional<Long> heardAt = Optional.empty();
  private boolean isSuccess;
  private Optional<UpdateException> failure = Optional.empty();

  /**
   * Nothing is known of the device yet.
   *
   * @param news is run when the device has come, and at the end
   */
  public OfferEnd(MonotonicClock clock, Runnable news) {
    this.clock = clock;
    this.news = news;
  }

  /** The device has come, or takes another piece of the image. */
  public void heard() {
    if (isFirstTime()) {
      news.run();
    }
  }

  private synchronized boolean isFirstTime() {
    boolean isFirst = !isHeard;
    isHeard = true;
    heardAt = Optional.of(clock.nanoTime());
    clock.threads().wake(this);
    return isFirst;
  }

  /** The device has begun with the image before, and comes again when it likes. */
  public synchronized void expect() {
    isHeard = true;
  }

  /** Whether the device was heard within this time. */
  public synchronized boolean isHeardWithin(Duration length) {
    return heardAt.filter(at -> clock.nanoTime() - at < length.toNanos()).isPresent();
  }

  /** Whether the device has come since the image is offered. */
  public synchronized boolean isHeard() {
    return isHeard;
  }

  /**
   * Takes an offer back unless the device has come; returns whether it has not.
   *
   * @param answering held by whoever answers the device
   */
  public boolean withdraw(Lock answering, Runnable takeBack) {
    answering.lock();
    try {
      if (!isHeard()) {
        takeBack.run();
      }
      return !isHeard();
    } finally {
      answering.unlock();
    }
  }

  /** Whether the device comes within this time. */
  public synchronized boolean awaitHeard(Duration limit) throws InterruptedException {
    Deadline late = Deadline.after(limit, clock);
    while (!isHeard && !late.expired()) {
      clock.threads().await(this, late.remaining());
    }
    return isHeard;
  }

  /** The device runs the version. */
  public void succeed() {
    noteSuccess();
    news.run();
  }

  private synchronized void noteSuccess() {
    isSuccess = failure.isEmpty();
    clock.threads().wake(this);
  }

  /** There is no sense in going on. */
  public void fail(FailureCode code, String sentence) {
    note(new UpdateException(code, sentence));
    news.run();
  }

  private synchronized void note(UpdateException why) {
    if (!isOver()) {
      failure = Optional.of(why);
      clock.threads().wake(this);
    }
  }

  /** Whether the device runs the version, or will not. */
  public synchronized boolean isOver() {
    return isSuccess || failure.isPresent();
  }

  /** Whether the device has shown that it runs the version. */
  public synchronized boolean isSuccess() {
    return isSuccess;
  }

  /** Waits for the end, and returns if the device runs the version. */
  public synchronized void await() throws UpdateException, InterruptedException {
    while (!isOver()) {
      clock.threads().await(this);
    }
    requireSuccess();
  }

  /**
   * Returns if the device runs the version.
   *
   * @throws UpdateException why it does not
   */
  public synchronized void requireSuccess() throws UpdateException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
