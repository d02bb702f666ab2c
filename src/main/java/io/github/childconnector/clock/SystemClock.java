package io.github.childconnector.clock;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's monotonic clock; its timers share one daemon thread, started by the first. */
public final class SystemClock implements MonotonicClock, AutoCloseable {
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, work -> SystemThreads.make("timers", true, work));

  private final Threads threads = new SystemThreads();

  /** Creates a clock without timers. */
  public SystemClock() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return timer(timers.schedule(guard(action), delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public Timer repeat(Duration interval, Runnable action) {
    long nanos = interval.toNanos();
    return timer(timers.scheduleWithFixedDelay(guard(action), nanos, nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public Threads threads() {
    return threads;
  }

  /**
   * Catches what escapes from an action, which would otherwise be forgotten and end its repetition.
   */
  private static Runnable guard(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    };
  }

  private static Timer timer(ScheduledFuture<?> future) {
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
