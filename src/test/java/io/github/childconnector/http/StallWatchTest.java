package io.github.childconnector.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final FakeClock clock = FakeClock.standing();
  private final AtomicInteger ended = new AtomicInteger();

  private static Optional<String> verdict(Duration waited) {
    return waited.compareTo(LIMIT) < 0 ? Optional.empty() : Optional.of("nothing came");
  }

  @Test
  void aConnectionThatStandsStillIsEndedOnce() {
    try (StallWatch watch = StallWatch.timed(clock, StallWatchTest::verdict)) {
      watch.guard(ended::incrementAndGet);
      watch.waiting();
      clock.advance(LIMIT.minusNanos(1));
      assertThat(watch.verdict()).isEmpty();

      clock.advance(LIMIT);
      assertThat(watch.verdict()).hasValue("nothing came");
      assertThat(ended).hasValue(1);
    }
  }

  @Test
  void whateverComesBeginsTheWaitingAnew() {
    StallWatch watch = new StallWatch(clock, StallWatchTest::verdict);
    for (int round = 0; round < 3; round++) {
      watch.waiting();
      clock.advance(LIMIT.minusNanos(1));
      watch.look();
    }

    assertThat(watch.verdict()).isEmpty();
  }

  @Test
  void whileNothingIsWaitedForNothingStalls() {
    StallWatch watch = new StallWatch(clock, StallWatchTest::verdict);
    watch.waiting();
    watch.arrived();
    clock.advance(LIMIT);
    watch.look();

    assertThat(watch.verdict()).isEmpty();
  }

  @Test
  void whatComesTooLateIsEndedAtOnce() {
    StallWatch watch = new StallWatch(clock, StallWatchTest::verdict);
    watch.waiting();
    clock.advance(LIMIT);
    watch.look();
    watch.guard(ended::incrementAndGet);

    assertThat(ended).hasValue(1);
  }

  @Test
  void aClosedWatchLooksNoMore() {
    StallWatch watch = StallWatch.timed(clock, StallWatchTest::verdict);
    watch.guard(ended::incrementAndGet);
    watch.waiting();
    watch.close();
    clock.advance(LIMIT);

    assertThat(ended).hasValue(0);
  }
}
