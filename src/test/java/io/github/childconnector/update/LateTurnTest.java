package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.OperationKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Announcements} whose turns come late, because the reporter was busy when they came. */
class LateTurnTest {
  private static final Duration PAUSE = Duration.ofMillis(1500);

  private final FakeClock clock = FakeClock.standing();
  private final Queue<Reporter.Work> due = new ArrayDeque<>();
  private final List<String> said = new ArrayList<>();
  private final Announcements announcements =
      new Announcements(
          new StatusSink.Pacing(PAUSE, Duration.ofHours(1)), clock, new RecordingVoice());

  private final class RecordingVoice implements Announcements.Voice {
    @Override
    public void executing(OperationKey operation) {
      said.add("executing " + operation.id());
    }

    @Override
    public void ended(Report report) {
      if (announcements.admits(report)) {
        announcements.told(report.key());
        said.add("ended " + report.key().id());
      }
    }

    @Override
    public void later(Duration pause, Reporter.Work work) {
      due.add(work);
    }
  }

  private static Report report(String id) {
    JournalEntry entry = JournalEntry.accepted(Engine.update(key(id), "2.0"), 1, Instant.EPOCH);
    return new Report(Report.State.OWED, entry, 0);
  }

  @BeforeEach
  void bothBegin() throws InterruptedException {
    announcements.begin(key("one"));
    announcements.begin(key("other"));
  }

  /** Or the requester hears the end of an operation that it never saw begin. */
  @Test
  void anEndThatComesBeforeItsAnnouncementWaitsForIt() throws InterruptedException {
    new RecordingVoice().ended(report("one"));
    clock.advance(PAUSE);
    assertThat(announcements.admits(report("other"))).isFalse();
    runDue();
    assertThat(said)
        .containsExactly("executing one", "ended one", "executing other", "ended other");
  }

  private void runDue() throws InterruptedException {
    for (Reporter.Work work : List.copyOf(due)) {
      work.run();
    }
  }
}
