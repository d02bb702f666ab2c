package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
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
  private final Queue<ReporterThread.Work> due = new ArrayDeque<>();
  private final List<String> said = new ArrayList<>();
  private final Announcements announcements =
      new Announcements(
          new Requesters(List.of(new RecordingReceiver())), clock, new PlayedReporter());

  private final class RecordingReceiver implements Requester {
    @Override
    public String name() {
      return Request.LEGACY;
    }

    @Override
    public boolean executing(OperationKey operation) {
      return said.add("executing " + operation.id());
    }

    @Override
    public boolean ended(OperationKey operation, Outcome outcome) {
      return said.add("ended " + operation.id());
    }

    @Override
    public Pacing pacing() {
      return new Pacing(PAUSE, Duration.ofHours(1));
    }
  }

  private final class PlayedReporter implements Announcements.Turns {
    @Override
    public void ended(Report report) throws InterruptedException {
      if (announcements.admits(report) && announcements.tell(report)) {
        announcements.told(report.key());
      }
    }

    @Override
    public void later(Duration pause, ReporterThread.Work work) {
      due.add(work);
    }
  }

  private static Report report(String id) {
    JournalEntry entry = JournalEntry.refused(key(id), 1, EngineCase.BAD, Instant.EPOCH);
    return new Report(Report.State.OWED, entry, 0);
  }

  @BeforeEach
  void bothBegin() throws InterruptedException {
    begin("one");
    begin("other");
  }

  private void begin(String id) throws InterruptedException {
    announcements.begin(key(id), () -> report(id).entry().requests());
  }

  /** Or the requester hears the end of an operation that it never saw begin. */
  @Test
  void anEndThatComesBeforeItsAnnouncementWaitsForIt() throws InterruptedException {
    new PlayedReporter().ended(report("one"));
    clock.advance(PAUSE);
    assertThat(announcements.admits(report("other"))).isFalse();
    runDue();
    assertThat(said)
        .containsExactly("executing one", "ended one", "executing other", "ended other");
  }

  private void runDue() throws InterruptedException {
    for (ReporterThread.Work work : List.copyOf(due)) {
      work.run();
    }
  }
}
