package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of an offer of an image to a device: told by the thread that answers the device, awaited
 * by the one that installs.
 */
public final class OfferEnd {
  private final CountDownLatch heard = new CountDownLatch(1);
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();

  /** The device has come. */
  public void heard() {
    heard.countDown();
  }

  /** Whether the device has come since the image is offered. */
  public boolean isHeard() {
    return heard.getCount() == 0;
  }

  /** Whether the device comes within this time. */
  public boolean awaitHeard(Duration limit) throws InterruptedException {
    return heard.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The device runs the version. */
  public void succeed() {
    end.complete(true);
  }

  /** There is no sense in going on. */
  public void fail(FailureCode code, String sentence) {
    end.completeExceptionally(new UpdateException(code, sentence));
  }

  /** Whether the device runs the version, or will not. */
  public boolean isOver() {
    return end.isDone();
  }

  /** Whether the device has shown that it runs the version. */
  public boolean isSuccess() {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  /** Waits for the end, and returns if the device runs the version. */
  public void await() throws UpdateException, InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Waits for the end no longer than this; returns whether the device runs the version. */
  public boolean await(Duration limit) throws UpdateException, InterruptedException {
    try {
      return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static UpdateException failure(ExecutionException e) {
    return e.getCause() instanceof UpdateException told
        ? told
        : new UpdateException(FailureCode.INTERNAL_ERROR, e.toString(), e);
  }
}
