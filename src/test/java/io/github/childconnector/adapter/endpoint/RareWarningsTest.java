package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.world.RecordingLog;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strangers bring about does not fill the log. */
class RareWarningsTest {
  private final FakeClock clock = FakeClock.standing();
  private final RecordingLog log = RecordingLog.of(RareWarnings.class);
  private final RareWarnings warnings =
      new RareWarnings(System.getLogger(RareWarnings.class.getName()), clock);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aSubjectIsToldAtOnceAndThenOnceAMinute() {
    for (int i = 0; i < 100; i++) {
      warnings.warn("x", "X happened");
    }
    assertThat(log.lines()).containsExactly("WARNING X happened");
    clock.advance(RareWarnings.PAUSE.minusNanos(1));
    warnings.warn("x", "X happened");
    assertThat(log.lines()).hasSize(1);
    clock.advance(Duration.ofNanos(1));
    warnings.warn("x", "X happened");
    assertThat(log.lines())
        .last()
        .isEqualTo("WARNING X happened (and 100 more times since the last such line)");
  }

  @Test
  void subjectsBeyondTheBoundAreOne() {
    for (int i = 0; i < RareWarnings.MOST_SUBJECTS; i++) {
      warnings.warn("subject " + i, "It happened");
    }
    assertThat(log.lines()).hasSize(RareWarnings.MOST_SUBJECTS);
    for (int i = 0; i < 1000; i++) {
      warnings.warn("further " + i, "It happened");
    }
    assertThat(log.lines()).hasSize(RareWarnings.MOST_SUBJECTS + 1);
    clock.advance(RareWarnings.PAUSE);
    warnings.warn("one more", "It happened again");
    assertThat(log.lines()).last().isEqualTo("WARNING It happened again");
  }
}
