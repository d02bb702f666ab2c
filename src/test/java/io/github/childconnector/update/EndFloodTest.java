package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * More operations of a child end at once than ends may wait for their turn, as where the file
 * server refuses whatever waits in a long queue.
 */
@Timeout(300)
class EndFloodTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final Duration PAUSE = Duration.ofMillis(1500);
  private static final OperationKey LAST = new OperationKey(new ChildId("pump"), "last");
  private static final int SURPLUS = 5;

  private final FakeClock clock = FakeClock.standing();
  private final Journal journal =
      new Journal(Path.of("/operations"), new FakeDisk(), InstantSource.fixed(NOW));
  private final PacedSink sink = new PacedSink();
  private final Ports ports =
      new Ports(journal, new ScriptedImages(), List.of(sink), clock, InstantSource.fixed(NOW));
  private final Reporter reporter = new Reporter(ports, new Recorder(ports), key -> false);

  /** Remembers the ends it is told, and takes them or not. */
  private static final class PacedSink implements Requester {
    @Override
    public String name() {
      return Request.LEGACY;
    }

    private final List<String> ends = new ArrayList<>();
    private final Semaphore done = new Semaphore(0);
    private volatile boolean takes = true;

    @Override
    public Pacing pacing() {
      return new Pacing(PAUSE, Duration.ofHours(1));
    }

    @Override
    public boolean executing(OperationKey operation) {
      if (operation.equals(LAST)) {
        done.release();
      }
      return true;
    }

    @Override
    public boolean ended(OperationKey operation, Outcome outcome) {
      ends.add(operation.id());
      return takes;
    }
  }

  @BeforeEach
  void start() throws IOException {
    journal.open(List.of());
    reporter.start();
  }

  @AfterEach
  void stop() {
    reporter.close();
  }

  private static OperationKey key(int i) {
    return Engine.key("op" + i);
  }

  private void end(int number) throws InterruptedException {
    for (int i = 0; i < number; i++) {
      reporter.begun(Engine.operation(key(i), clock));
      reporter.ended(
          Report.of(
              JournalEntry.accepted(Engine.update(key(i), "2.0"), i, NOW)
                  .enter(Stage.CHECKING, Optional.empty(), NOW)
                  .enter(Stage.SUCCESSFUL, Optional.empty(), NOW)));
    }
    reporter.begun(Engine.operation(LAST, clock));
    sink.done.acquire();
  }

  private boolean isReported(int i) throws IOException {
    return journal.find(key(i)).filter(JournalEntry::reported).isPresent();
  }

  @Test
  void upToTheBoundAllWaitForTheirTurn() throws Exception {
    end(Untold.MAX + 1);
    assertThat(sink.ends).containsExactly("op0");
  }

  @Test
  void beyondItTheOldestAreToldOutOfTurnAndNoneIsGivenUp() throws Exception {
    try (RecordingLog log = RecordingLog.of(Untold.class)) {
      end(Untold.MAX + 1 + SURPLUS);
      assertThat(sink.ends).containsExactly("op0", "op1", "op2", "op3", "op4", "op5");
      assertThat(isReported(SURPLUS)).isTrue();
      assertThat(isReported(SURPLUS + 1)).isFalse();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whereNobodyTakesThemTheOldestIsGivenUpAndThatIsSaid() throws Exception {
    sink.takes = false;
    try (RecordingLog log = RecordingLog.of(Untold.class)) {
      end(Untold.MAX + 1);
      assertThat(sink.ends).containsExactly("op0", "op1");
      assertThat(isReported(1)).isTrue();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("SEVERE More than 1000 ends could not be reported");
    }
  }
}
