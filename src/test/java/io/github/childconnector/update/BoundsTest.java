package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.world.RecordingLog;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** No quantity of requests or ends is more than the engine keeps in mind. */
class BoundsTest {
  private static final Failure WHY = new Failure(FailureCode.REQUEST_INVALID, "No.");

  private final Untold untold = new Untold();

  private static OperationKey key(String id) {
    return new OperationKey(new ChildId("plc"), id);
  }

  private static Report refused(String id) {
    return Report.of(JournalEntry.refused(key(id), 1, WHY, Instant.EPOCH));
  }

  private static Report failed(String id) {
    Firmware firmware = new Firmware("fw", "2.0");
    return Report.of(
        JournalEntry.accepted(
                new FirmwareUpdate(key(id), firmware, new Sha256("a".repeat(64)), "http://gw/"),
                1,
                Instant.EPOCH)
            .enter(Stage.FAILED, Optional.of(WHY), Instant.EPOCH));
  }

  private Optional<String> add(Report report) {
    return add(report, other -> true);
  }

  /** Returns what had to be given up for it. */
  private Optional<String> add(Report report, Predicate<Report> mayGo) {
    untold.add(report);
    Optional<Report> surplus = untold.surplus(mayGo);
    surplus.ifPresent(untold::giveUp);
    return surplus.map(given -> given.key().id());
  }

  @Test
  void theQueueOfAChildAndOfAllIsBounded() {
    int child = QueueBounds.CHILD;
    int all = QueueBounds.ALL;
    assertThat(QueueBounds.refusal(child - 1, child - 1)).isEmpty();
    assertThat(QueueBounds.refusal(0, all - 1)).isEmpty();
    assertThat(QueueBounds.refusal(child, child).orElseThrow().reason())
        .startsWith("queue-full: Too many updates of this child wait")
        .endsWith("Send the update again when some have ended.");
    assertThat(QueueBounds.refusal(0, all).orElseThrow().reason())
        .startsWith("queue-full: Too many updates of all children wait");
  }

  @Test
  void beyondTheBoundTheOldestRefusalIsGivenUpAndThenTheOldestEnd() {
    assertThat(add(failed("first"))).isEmpty();
    assertThat(add(refused("bad"))).isEmpty();
    for (int i = 2; i < Untold.MAX; i++) {
      assertThat(add(failed("op" + i))).isEmpty();
    }
    assertThat(add(failed("op2"))).as("known already").isEmpty();
    assertThat(add(failed("more"))).contains("bad");
    assertThat(add(failed("evenMore"))).contains("first");
  }

  @Test
  void thatIsLoggedOnceUntilAllIsToldAgain() {
    try (RecordingLog log = RecordingLog.of(Untold.class.getName())) {
      for (int i = 0; i < Untold.MAX + 3; i++) {
        add(failed("op" + i));
      }
      assertThat(log.lines().stream().filter(line -> line.startsWith("SEVERE"))).hasSize(1);
      for (int i = 0; i < Untold.MAX + 3; i++) {
        untold.remove(key("op" + i));
      }
      for (int i = 0; i < Untold.MAX + 3; i++) {
        add(failed("op" + i));
      }
      assertThat(log.lines().stream().filter(line -> line.startsWith("SEVERE"))).hasSize(2);
    }
  }

  @Test
  void anEndThatIsBeingToldIsNotGivenUp() {
    for (int i = 0; i < Untold.MAX; i++) {
      add(failed("op" + i));
    }
    assertThat(add(failed("more"), other -> !other.key().id().equals("op0"))).contains("op1");
  }
}
