package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of an offer of an image to a device: told by the thread that answers the device, awaited
 * by the one that installs. The first end that is told is the end.
 */
public final class OfferEnd {
  private final MonotonicClock clock;
  private boolean isHeard;
  private boolean isSuccess;
  private Optional<UpdateException> failure = Optional.empty();

  /** Nothing is known of the device yet. */
  public OfferEnd(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The device has come. */
  public synchronized void heard() {
    isHeard = true;
    clock.threads().wake(this);
  }

  /** Whether the device has come since the image is offered. */
  public synchronized boolean isHeard() {
    return isHeard;
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
  public synchronized void succeed() {
    isSuccess = failure.isEmpty();
    clock.threads().wake(this);
  }

  /** There is no sense in going on. */
  public synchronized void fail(FailureCode code, String sentence) {
    if (!isOver()) {
      failure = Optional.of(new UpdateException(code, sentence));
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
    requireNoFailure();
  }

  /** Waits for the end no longer than this; returns whether the device runs the version. */
  public synchronized boolean await(Duration limit) throws UpdateException, InterruptedException {
    Deadline late = Deadline.after(limit, clock);
    while (!isOver() && !late.expired()) {
      clock.threads().await(this, late.remaining());
    }
    requireNoFailure();
    return isSuccess;
  }

  private void requireNoFailure() throws UpdateException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
