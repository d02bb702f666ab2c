package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.Optional;

/**
 * The way in which an operation waits without a thread: until a time is over, or until somebody
 * wakes it, also a moment before it begins to wait. Whoever goes on looks himself whether what he
 * waited for has come.
 */
final class Rest {
  private Optional<Runnable> next = Optional.empty();
  private Optional<MonotonicClock.Timer> timer = Optional.empty();
  private boolean isWoken;

  /** Goes on with {@code then} when the time is over, or at once where it was woken meanwhile. */
  void begin(MonotonicClock clock, Duration limit, Runnable then) {
    if (!isWokenNow(then)) {
      setTimer(clock.schedule(limit, this::wake));
    } else {
      then.run();
    }
  }

  private synchronized boolean isWokenNow(Runnable then) {
    boolean was = isWoken;
    isWoken = false;
    next = was ? Optional.empty() : Optional.of(then);
    return was;
  }

  private synchronized void setTimer(MonotonicClock.Timer started) {
    if (next.isPresent()) {
      timer = Optional.of(started);
    } else {
      started.cancel();
    }
  }

  /** Lets it go on now; if it does not wait, the next wait is over at once. */
  void wake() {
    take().ifPresent(Runnable::run);
  }

  private synchronized Optional<Runnable> take() {
    Optional<Runnable> taken = next;
    isWoken = taken.isEmpty();
    timer.ifPresent(MonotonicClock.Timer::cancel);
    timer = Optional.empty();
    next = Optional.empty();
    return taken;
  }
}
