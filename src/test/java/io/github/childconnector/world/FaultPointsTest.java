package io.github.childconnector.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultPointsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05.123Z");
  private static final Failure FAILURE = new Failure(FailureCode.REQUEST_INVALID, "Why not.");

  @TempDir Path directory;

  /** Or a point that was recorded in one run would never come again in another. */
  @Test
  void pointsOfTwoRunsHaveTheSameNames() throws IOException {
    assertThat(life("run1-"))
        .isEqualTo(life("run22-"))
        .contains(
            "rename state/operations/ended/child/0000000000000000001.op.json after#1",
            "delete state/operations/ended/child/0000000000000000001.op.json before#1",
            "rename state/operations/refused/child/0000000000000000002.invalid.json before#1");
  }

  /** The points of an operation that ends, one that is refused, and one that is forgotten. */
  private List<String> life(String run) throws IOException {
    Path own = directory.resolve(run);
    Path life = Files.createDirectories(own.resolve("life1"));
    Files.createDirectory(own.resolve("state"));
    Journal journal =
        new Journal(
            own.resolve("state/operations"),
            new BreakableDisk(new FaultPoints(life, "", run)),
            InstantSource.fixed(NOW));
    ChildId child = new ChildId(run + "plc");
    journal.open(List.of(child));
    FirmwareUpdate update =
        Samples.update(child, run + "op", new Firmware("plc", "2.0"), Sha256.of(new byte[0]));
    JournalEntry entry = JournalEntry.accepted(update, 1, NOW);
    journal.write(entry);
    journal.write(entry.enter(Stage.FAILED, Optional.of(FAILURE), NOW).markReported(true));
    OperationKey invalid = new OperationKey(child, run + "invalid");
    journal.write(JournalEntry.refused(invalid, 2, FAILURE, NOW).markReported(true));
    journal.forget(child, 0);
    return Files.readAllLines(FaultPoints.record(life));
  }
}
