package io.github.childconnector.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WatchdogTest {
  private final RecordingChannel channel = new RecordingChannel();
  private final FakeClock clock = FakeClock.standing();

  private ServiceNotifier notifier(Optional<Duration> interval) {
    channel.release();
    return new ServiceNotifier(Optional.of(channel), interval, clock.threads());
  }

  private void tick(int expectedMessages) {
    clock.advance(Duration.ofSeconds(15));
    await().until(() -> channel.messages().size() == expectedMessages);
  }

  @Test
  void onlyALivingServiceFeedsTheWatchdog() {
    AtomicBoolean alive = new AtomicBoolean(true);
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class);
        ServiceNotifier notifier = notifier(Optional.of(Duration.ofSeconds(15)))) {
      notifier.watch(clock, alive::get);
      tick(1);
      alive.set(false);
      clock.advance(Duration.ofMinutes(1));
      alive.set(true);
      tick(2);
      notifier.stopping(Duration.ofMinutes(2));
      await().until(() -> channel.messages().size() == 3);
      clock.advance(Duration.ofMinutes(1));
      assertThat(log.lines())
          .containsExactly(
              "SEVERE The connector no longer does its work; systemd's watchdog will restart it");
    }

    assertThat(channel.messages())
        .containsExactly(
            List.of("WATCHDOG=1"),
            List.of("WATCHDOG=1"),
            List.of("EXTEND_TIMEOUT_USEC=120000000", "STOPPING=1"));
  }

  /** A minute, of which a quarter passes between two words, so TimeoutStartSec does not end it. */
  @Test
  void aStartThatTakesLongIsAwaited() throws Exception {
    try (ServiceNotifier notifier = notifier(Optional.empty())) {
      notifier.whileStarting(
          clock,
          () -> {
            tick(1);
            tick(2);
          });
      clock.advance(Duration.ofMinutes(1));
      notifier.ready();
      await().until(() -> channel.messages().size() == 3);
    }

    assertThat(channel.messages())
        .containsExactly(
            List.of("EXTEND_TIMEOUT_USEC=60000000"),
            List.of("EXTEND_TIMEOUT_USEC=60000000"),
            List.of("READY=1"));
  }

  @Test
  void aStartThatFailsIsAwaitedNoLonger() {
    try (ServiceNotifier notifier = notifier(Optional.empty())) {
      assertThatThrownBy(() -> notifier.whileStarting(clock, WatchdogTest::unreadable))
          .hasMessage("broken for the test");
      clock.advance(Duration.ofMinutes(1));
    }

    assertThat(channel.messages()).isEmpty();
  }

  private static void unreadable() throws IOException {
    throw new IOException("broken for the test");
  }

  @Test
  void anAnswerThatThrowsIsNo() {
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class);
        ServiceNotifier notifier = notifier(Optional.of(Duration.ofSeconds(15)))) {
      notifier.watch(clock, WatchdogTest::broken);
      clock.advance(Duration.ofMinutes(1));
      assertThat(log.lines()).hasSize(1);
    }

    assertThat(channel.messages()).isEmpty();
  }

  @Test
  void withoutAWatchdogNobodyIsAsked() {
    try (ServiceNotifier notifier = notifier(Optional.empty())) {
      notifier.watch(clock, WatchdogTest::broken);
      clock.advance(Duration.ofHours(1));
    }

    assertThat(channel.messages()).isEmpty();
  }

  private static boolean broken() {
    throw new IllegalStateException("broken for the test");
  }
}
