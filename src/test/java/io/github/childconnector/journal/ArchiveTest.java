package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has ended and was told costs a start nothing, and is there when it is asked for. */
class ArchiveTest {
  private static final Path DIRECTORY = Path.of("/operations");
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final ChildId PLC = new ChildId("plc");

  private final FakeDisk memory = new FakeDisk();
  private final BrokenDisk disk = new BrokenDisk(memory);
  private final Journal journal = next();

  private Journal next() {
    return new Journal(DIRECTORY, disk, InstantSource.fixed(NOW));
  }

  @BeforeEach
  void open() throws IOException {
    journal.open(List.of(PLC));
  }

  private static OperationKey key(String id) {
    return new OperationKey(PLC, id);
  }

  private static JournalEntry accepted(String id, long sequence) {
    Firmware firmware = new Firmware("fw", "2.0");
    return JournalEntry.accepted(
        new FirmwareUpdate(key(id), firmware, new Sha256("ab".repeat(32)), "http://gw/" + id),
        sequence,
        NOW);
  }

  private static JournalEntry ended(String id, long sequence) {
    return accepted(id, sequence)
        .enter(Stage.CHECKING, Optional.empty(), NOW)
        .enter(Stage.SUCCESSFUL, Optional.empty(), NOW);
  }

  private static JournalEntry told(String id, long sequence) {
    return ended(id, sequence).markReported(true);
  }

  private static JournalEntry refused(String id, long sequence) {
    Failure why = new Failure(FailureCode.REQUEST_INVALID, "No.");
    return JournalEntry.refused(key(id), sequence, why, NOW).markReported(true);
  }

  private List<String> remembered() throws IOException {
    List<String> ids = new ArrayList<>();
    assertThat(journal.archive().read(PLC, entry -> ids.add(entry.key().id()))).isEmpty();
    return ids;
  }

  @Test
  void aStartAsksTheDiskForNoMoreHoweverManyHaveEnded() throws IOException {
    long unused = journal.nextSequence();
    int before = disk.uses();
    assertThat(next().open(List.of(PLC))).isEmpty();
    int cost = disk.uses() - before;
    for (int i = 1; i <= 30; i++) {
      journal.write(told("op" + i, i));
    }
    before = disk.uses();
    assertThat(next().open(List.of(PLC))).isEmpty();
    assertThat(disk.uses() - before).isEqualTo(cost);
  }

  /** Or an empty journal would stand in the place of one that is away for a moment. */
  @Test
  void nothingIsMadeWhereTheJournalIsAway() {
    Path away = Path.of("/away/operations");
    Archive archive = new Archive(away, disk);
    assertThatThrownBy(() -> archive.take(away.resolve("op.json"), told("op", 1)))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(disk.exists(away)).isFalse();
  }

  @Test
  void whatWasToldIsFoundButNotUnderWay() throws IOException {
    journal.write(told("op", 1));
    assertThat(journal.find(key("op"))).contains(told("op", 1));
    assertThat(journal.find(key("p"))).isEmpty();
    assertThat(journal.read(ended -> {}).entries()).isEmpty();
  }

  @Test
  void whatIsAskedForAgainIsUnderWayUntilItIsTold() throws IOException {
    journal.write(told("op", 1));
    journal.write(ended("op", 1));
    assertThat(next().open(List.of(PLC))).containsExactly(ended("op", 1));
    assertThat(journal.find(key("op"))).contains(ended("op", 1));
    journal.write(told("op", 1));
    assertThat(next().open(List.of(PLC))).isEmpty();
    assertThat(remembered()).containsExactly("op");
  }

  /** As an earlier version has left it, which kept all in one directory. */
  @Test
  void whatAnEarlierVersionLeftAmongTheOthersIsPutAway() throws IOException {
    for (JournalEntry entry : List.of(told("old", 7), refused("bad", 8))) {
      memory.put(DIRECTORY.resolve(EntryFormat.name(entry.key())), EntryFormat.write(entry));
    }
    journal.write(accepted("running", 9));

    assertThat(next().open(List.of(PLC))).containsExactly(accepted("running", 9).abridged());

    assertThat(journal.find(key("old"))).contains(told("old", 7));
    assertThat(journal.find(key("bad"))).contains(refused("bad", 8));
    assertThat(memory.list(DIRECTORY)).hasSize(1);
    Journal started = next();
    assertThat(started.open(List.of(PLC))).hasSize(1);
    assertThat(started.nextSequence()).isEqualTo(10);
  }

  @Test
  void whereverThePowerGoesAnEndThatWasToldIsThereOnce() throws IOException {
    journal.write(accepted("op", 1));
    journal.write(ended("op", 1));
    disk.breakAfter(0);
    for (int changes = 0; !isWritten(told("op", 1), changes); changes++) {
      for (Map.Entry<Long, FakeDisk> left : memory.survivors().some(50, 1).entrySet()) {
        Journal found = new Journal(DIRECTORY, left.getValue(), InstantSource.fixed(NOW));
        found.open(List.of(PLC));
        assertThat(found.find(key("op")).orElseThrow().stage()).isEqualTo(Stage.SUCCESSFUL);
      }
    }
    assertThat(remembered()).containsExactly("op");
  }

  private boolean isWritten(JournalEntry entry, int changes) {
    disk.breakAfter(changes);
    try {
      journal.write(entry);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void refusalsPushOutNoOperationThatWasCarriedOut() throws IOException {
    for (int i = 1; i <= 3; i++) {
      journal.write(told("op" + i, i));
    }
    for (int i = 4; i <= 4 + Archive.KEPT_REFUSALS; i++) {
      journal.write(refused("bad" + i, i));
    }
    journal.forget(PLC, 2);
    assertThat(remembered())
        .hasSize(2 + Archive.KEPT_REFUSALS)
        .startsWith("op2", "op3", "bad5")
        .endsWith("bad" + (4 + Archive.KEPT_REFUSALS));
  }

  /** It was accepted once, so its request must not be taken for a new one. */
  @Test
  void whatWasDamagedCountsAsCarriedOut() throws IOException {
    Failure damaged = new Failure(FailureCode.STORAGE_FAILED, "Damaged.");
    journal.write(JournalEntry.refused(key("op"), 0, damaged, NOW).markReported(true));
    for (int i = 1; i <= 2 * Archive.KEPT_REFUSALS; i++) {
      journal.write(refused("bad" + i, i));
    }
    journal.forget(PLC, 1);
    assertThat(journal.find(key("op"))).isPresent();
  }

  @Test
  void aDamagedFileIsSetAsideAndNotTakenForAnUnknownOperation() throws IOException {
    journal.write(told("op", 1));
    Path file = journal.archive().find(key("op")).orElseThrow();
    memory.put(file, "torn".getBytes(StandardCharsets.US_ASCII));

    JournalEntry found = journal.find(key("op")).orElseThrow();

    assertThat(found.failure().orElseThrow().reason()).startsWith("storage-failed: ");
    assertThat(next().open(List.of(PLC))).containsExactly(found);
    assertThat(memory.exists(file)).isFalse();
    assertThat(memory.exists(DIRECTORY.resolve(file.getFileName() + Journal.DAMAGED_SUFFIX)))
        .isTrue();
  }

  @Test
  void theLastSuccessIsRemembered() throws IOException {
    journal.write(told("op1", 1));
    journal.write(told("op2", 2));
    Failure why = new Failure(FailureCode.URL_REFUSED, "No.");
    journal.write(accepted("op3", 3).enter(Stage.FAILED, Optional.of(why), NOW).markReported(true));
    assertThat(journal.archive().lastSuccess(PLC)).contains(told("op2", 2));
    assertThat(journal.archive().last(PLC, entry -> true).map(JournalEntry::key))
        .contains(key("op3"));
    assertThat(journal.archive().lastSuccess(new ChildId("other"))).isEmpty();
    assertThat(journal.archive().others(List.of())).containsExactly(PLC);
    assertThat(journal.archive().others(List.of(PLC))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "12 3", "99999999999999999999999"})
  void numbersGoOnAlsoWhereTheirFileIsDamaged(String content) throws IOException {
    journal.write(told("op", 4711));
    memory.put(DIRECTORY.resolve(Numbers.FILE), content.getBytes(StandardCharsets.US_ASCII));
    Journal started = next();
    started.open(List.of(PLC));
    assertThat(started.nextSequence()).isEqualTo(4712);
  }

  @Test
  void noNumberIsGivenTwiceHoweverManyProcessesGiveThem() throws IOException {
    long last = 0;
    for (int process = 0; process < 3; process++) {
      Journal started = next();
      started.open(List.of(PLC));
      for (int i = 0; i <= Numbers.BATCH; i++) {
        long number = started.nextSequence();
        assertThat(number).isGreaterThan(last);
        last = number;
      }
    }
  }
}
