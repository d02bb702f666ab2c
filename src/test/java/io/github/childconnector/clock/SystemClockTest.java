package io.github.childconnector.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullMarked
class SystemClockTest {
  private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();
  private final SystemClock clock = new SystemClock();
  private Thread.@Nullable UncaughtExceptionHandler before;

  @BeforeEach
  void listen() {
    before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> faults.add("" + fault.getMessage()));
  }

  @AfterEach
  void close() {
    clock.close();
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void whatATimerThrowsIsNotLost() throws InterruptedException {
    clock.schedule(
        Duration.ZERO,
        () -> {
          throw new NoClassDefFoundError("once");
        });
    assertThat(faults.take()).isEqualTo("once");
  }

  @Test
  void aRepetitionThatThrewIsRepeated() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(3);
    clock.repeat(
        Duration.ofMillis(1),
        () -> {
          again.countDown();
          if (runs.incrementAndGet() == 1) {
            throw new IllegalStateException("first");
          }
        });
    again.await();
    assertThat(faults).containsExactly("first");
  }

  @Test
  void aCancelledTimerDoesNotRun() throws InterruptedException {
    CountDownLatch cancelled = new CountDownLatch(1);
    CountDownLatch later = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    clock.schedule(Duration.ZERO, () -> hold(cancelled));
    clock.schedule(Duration.ofMillis(20), runs::incrementAndGet).cancel();
    cancelled.countDown();
    clock.schedule(Duration.ofMillis(40), later::countDown);
    later.await();
    assertThat(runs).hasValue(0);
  }

  /** Keeps the only thread of the timers, however late a timer is cancelled. */
  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
