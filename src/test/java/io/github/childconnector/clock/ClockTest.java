package io.github.childconnector.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aDeadlinePasses() {
    FakeClock clock = FakeClock.standing();
    Deadline deadline = Deadline.after(SECOND.multipliedBy(10), clock);
    clock.advance(SECOND.multipliedBy(9));
    assertThat(deadline.expired()).isFalse();
    assertThat(deadline.remaining()).isEqualTo(SECOND);
    assertThat(deadline.atMost(SECOND.multipliedBy(5))).isEqualTo(SECOND);
    assertThat(deadline.atMost(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
    clock.advance(SECOND);
    assertThat(deadline.expired()).isTrue();
    clock.advance(SECOND);
    assertThat(deadline.remaining()).isZero();
  }

  @Test
  void pausesGrowToTheirLimitAndAreSpread() {
    Random random = new Random(7);
    Backoff backoff = new Backoff(SECOND, SECOND.multipliedBy(60), random);
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pauses.add(backoff.next());
    }
    long full = 1;
    for (Duration pause : pauses) {
      assertThat(pause)
          .isBetween(SECOND.multipliedBy(full).dividedBy(2), SECOND.multipliedBy(full));
      full = Math.min(60, full * 2);
    }
    assertThat(pauses.stream().map(Duration::toMillis).distinct().count()).isGreaterThan(10);
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(SECOND);
  }

  @Test
  void timersOfTheMachineRunAndAreCancelled() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(3);
    AtomicInteger cancelled = new AtomicInteger();
    try (SystemClock clock = new SystemClock()) {
      clock.schedule(Duration.ofHours(1), cancelled::incrementAndGet).cancel();
      clock.repeat(Duration.ofMillis(1), ran::countDown);
      assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(cancelled).hasValue(0);
  }
}
