package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first start after a version that kept all operations in one directory. */
class TidyingTest {
  private static final Path DIRECTORY = Path.of("/operations");
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final ChildId PLC = new ChildId("plc");
  private static final int ENDED = 8;

  private final FakeDisk memory = new FakeDisk();
  private final BrokenDisk disk = new BrokenDisk(memory);

  private static JournalEntry accepted(int number) {
    return JournalEntry.accepted(
        new FirmwareUpdate(
            new OperationKey(PLC, "op" + number),
            new Firmware("fw", "2.0"),
            new Sha256("ab".repeat(32)),
            "http://gw/image"),
        number,
        NOW);
  }

  private static JournalEntry told(int number) {
    return accepted(number)
        .enter(Stage.CHECKING, Optional.empty(), NOW)
        .enter(Stage.SUCCESSFUL, Optional.empty(), NOW)
        .markReported(true);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(number -> "op" + number).toList();
  }

  private static Journal journal(Disk disk) {
    return new Journal(DIRECTORY, disk, InstantSource.fixed(NOW));
  }

  /** As an earlier version has left it, with two operations that are not at their end. */
  private void leave() throws IOException {
    for (int number = 1; number <= ENDED; number++) {
      put(told(number));
    }
    put(accepted(ENDED + 1));
    put(accepted(ENDED + 2));
  }

  private void put(JournalEntry entry) throws IOException {
    memory.put(DIRECTORY.resolve(EntryFormat.name(entry.key())), EntryFormat.write(entry));
  }

  private static List<String> ids(List<JournalEntry> entries) {
    return entries.stream().map(entry -> entry.key().id()).toList();
  }

  private void assertTidy(Journal journal) throws IOException {
    assertThat(ids(journal.open(List.of(PLC)))).isEqualTo(ids(ENDED + 1, ENDED + 2));
    List<JournalEntry> ended = new ArrayList<>();
    assertThat(journal.archive().read(PLC, ended::add)).isEmpty();
    assertThat(ids(ended)).isEqualTo(ids(1, ENDED));
    assertThat(memory.list(DIRECTORY)).hasSize(2);
  }

  @Test
  void whatIsPutAwayIsSaid() throws IOException {
    leave();
    try (RecordingLog log = RecordingLog.of(Journal.class)) {
      assertTidy(journal(disk));
      assertThat(log.lines())
          .containsExactly("INFO Put away 8 ended operations that lay among the others");
      assertTidy(journal(disk));
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void aStartThatIsKilledAnywhereIsContinuedAtTheNext() throws IOException {
    leave();
    for (int use = 0; isKilled(use); use++) {
      assertThat(ids(AllEntries.of(journal(memory)))).isEqualTo(ids(1, ENDED + 2));
    }
    assertTidy(journal(disk));
  }

  private boolean isKilled(int use) throws IOException {
    disk.breakDown(use, Integer.MAX_VALUE, "killed for the test");
    try {
      journal(disk).open(List.of(PLC));
      return false;
    } catch (IllegalStateException e) {
      return true;
    } finally {
      disk.repair();
      disk.fail(0, 0, "");
    }
  }

  @Test
  void aFileSystemThatPassesOverNamesWhileOthersGoHidesNothing() throws IOException {
    leave();
    assertTidy(journal(new ForgetfulDisk(disk)));
  }

  @Test
  void whatCannotBePutAwayWaitsForTheNextStart() throws IOException {
    leave();
    Disk full =
        new ForwardingDisk(disk) {
          @Override
          public void rename(Path from, Path to) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void createDirectory(Path directory) throws IOException {
            if (!directory.equals(DIRECTORY)) {
              throw new IOException("No space left on device");
            }
          }
        };
    assertThat(ids(journal(full).open(List.of(PLC)))).isEqualTo(ids(ENDED + 1, ENDED + 2));
    assertTidy(journal(disk));
  }

  /** What lies there is looked at without being held, however much it is. */
  @Test
  void whoOnlyLooksIsHandedWhatHasEnded() throws IOException {
    leave();
    List<JournalEntry> ended = new ArrayList<>();
    assertThat(ids(journal(disk).read(ended::add).entries())).isEqualTo(ids(ENDED + 1, ENDED + 2));
    assertThat(ids(ended)).containsExactlyInAnyOrderElementsOf(ids(1, ENDED));
    assertThat(memory.list(DIRECTORY)).hasSize(ENDED + 2);
  }

  /** Hands over only every second file once one was renamed. */
  private static final class ForgetfulDisk extends ForwardingDisk {
    private int renames;

    private ForgetfulDisk(Disk disk) {
      super(disk);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      super.rename(from, to);
      renames++;
    }

    @Override
    public void visit(Path directory, Visitor visitor) throws IOException {
      int before = renames;
      boolean[] isPassedOver = {false};
      super.visit(
          directory,
          file -> {
            isPassedOver[0] = renames > before && !isPassedOver[0];
            return isPassedOver[0] || visitor.visit(file);
          });
    }
  }
}
