package io.github.childconnector.power;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The power of a gateway, which goes at a numbered moment: before or after one of the steps that
 * have a lasting effect. From then on no step has any.
 */
final class Power {
  /** A moment that never comes. */
  static final int NEVER = Integer.MAX_VALUE;

  private final int cutAt;
  private final List<String> moments = new ArrayList<>();
  private boolean off;

  Power(int cutAt) {
    this.cutAt = cutAt;
  }

  /** A step with an effect that lasts. */
  interface Step<T> {
    T take() throws IOException;
  }

  /** There is no power any more. */
  static final class Cut extends IOException {
    private static final long serialVersionUID = 1L;

    private Cut() {
      super("the power is off");
    }
  }

  /** Takes a step as long as there is power; one at a time. */
  synchronized <T> T step(String what, Step<T> step) throws IOException {
    pass("before " + what);
    T result = step.take();
    pass("after " + what);
    return result;
  }

  private void pass(String moment) throws Cut {
    requireOn();
    moments.add(moment);
    notifyAll();
    if (moments.size() >= cutAt) {
      off = true;
      throw new Cut();
    }
  }

  synchronized void requireOn() throws Cut {
    if (off) {
      throw new Cut();
    }
  }

  synchronized boolean isOff() {
    return off;
  }

  /** How many moments there were. */
  synchronized int moments() {
    return moments.size();
  }

  /** The latest moment. */
  synchronized String last() {
    return moments.isEmpty() ? "the beginning" : moments.get(moments.size() - 1);
  }

  /** Waits some milliseconds for a step; false where there was none. */
  synchronized boolean awaitStep(int millis) throws InterruptedException {
    int before = moments.size();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!off && moments.size() == before && System.nanoTime() - end < 0) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
    }
    return moments.size() > before;
  }
}
