package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05.123Z");
  private static final ChildId PLC = new ChildId("gw:device:plc 1");
  private static final OperationKey KEY = new OperationKey(PLC, "tLrLthPXksKbqRqIsrDmy");

  @TempDir Path directory;
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    journal = new Journal(directory, new LocalDisk(), InstantSource.fixed(NOW));
    journal.open(List.of(PLC));
  }

  private static JournalEntry accepted(OperationKey key, long sequence) {
    Firmware firmware = new Firmware("Öl & <Wasser>", "22.03");
    FirmwareUpdate update =
        new FirmwareUpdate(key, firmware, new Sha256("ab".repeat(32)), "http://gw/a b");
    return JournalEntry.accepted(update, sequence, NOW);
  }

  private static JournalEntry ended(OperationKey key, long sequence) {
    Failure failure = new Failure(FailureCode.DIGEST_MISMATCH, "It is \"another\" image.");
    return accepted(key, sequence).enter(Stage.FAILED, Optional.of(failure), NOW);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Or what was told of an operation might not be so after the next power cut. */
  @Test
  void whatAKilledProcessHadNotForcedOutIsSafeBeforeItIsRead() throws IOException {
    FakeDisk disk = new FakeDisk();
    onDisk(disk).open(List.of());
    onDisk(disk).write(accepted(KEY, 1));
    FakeDisk whole = new FakeDisk();
    onDisk(whole).open(List.of());
    onDisk(whole).write(ended(KEY, 1));
    Map.Entry<Path, ByteBuffer> entry = whole.files().entrySet().iterator().next();
    Path temporary = entry.getKey().resolveSibling("later.tmp");
    byte[] content = entry.getValue().array();
    try (Disk.Output output = disk.create(temporary)) {
      output.write(content, content.length);
      output.force();
    }
    disk.rename(temporary, entry.getKey());

    assertThat(onDisk(disk).open(List.of())).containsExactly(ended(KEY, 1));
    for (FakeDisk left : disk.survivors().some(100, 1).values()) {
      assertThat(onDisk(left).open(List.of())).containsExactly(ended(KEY, 1));
    }
  }

  private Journal onDisk(Disk disk) {
    return new Journal(directory, disk, InstantSource.fixed(NOW));
  }

  @Test
  void whatIsWrittenIsFoundAgain() throws IOException {
    for (JournalEntry entry :
        List.of(
            accepted(KEY, 1),
            ended(KEY, 2),
            JournalEntry.refused(KEY, 4, new Failure(FailureCode.REQUEST_INVALID, "No."), NOW))) {
      journal.write(entry);
      assertThat(journal.find(KEY)).contains(entry);
      assertThat(journal.open(List.of()))
          .containsExactly(entry.stage() == Stage.QUEUED ? entry.abridged() : entry);
    }
  }

  private List<String> ended(ChildId child) throws IOException {
    List<String> ids = new ArrayList<>();
    assertThat(journal.archive().read(child, entry -> ids.add(entry.key().id()))).isEmpty();
    return ids;
  }

  @Test
  void anOperationIsNotUnknownBecauseTheWholeDirectoryIsAway(@TempDir Path elsewhere)
      throws IOException {
    journal.write(accepted(KEY, 1));
    Path away = Files.move(directory, elsewhere.resolve("away"));
    assertThatThrownBy(() -> journal.find(KEY)).isInstanceOf(IOException.class);
    Files.move(away, directory);
    assertThat(journal.find(KEY)).isPresent();
  }

  @Test
  void theFormatIsAsDocumented() throws IOException {
    journal.write(ended(KEY, 7));
    assertThat(names()).containsExactly("tLrLthPXksKbqRqIsrDmy.2e1193546d1d0691.json");
    assertThat(Files.readString(directory.resolve(names().get(0))))
        .isEqualTo(
            """
            {
              "schema": 1,
              "child": "gw:device:plc 1",
              "id": "tLrLthPXksKbqRqIsrDmy",
              "sequence": 7,
              "request": {
                "name": "Öl & <Wasser>",
                "version": "22.03",
                "sha256": "abababababababababababababababababababababababababababababababab",
                "url": "http://gw/a b"
              },
              "stage": "failed",
              "failure": {
                "code": "digest-mismatch",
                "sentence": "It is \\"another\\" image."
              },
              "requests": [
                {
                  "requester": "legacy",
                  "id": "tLrLthPXksKbqRqIsrDmy",
                  "told": false
                }
              ],
              "interruptions": 0,
              "history": [
                {
                  "stage": "queued",
                  "at": "2026-11-20T15:04:05.123Z"
                },
                {
                  "stage": "failed",
                  "at": "2026-11-20T15:04:05.123Z"
                }
              ]
            }\
            """);
  }

  @Test
  void whatIsNotKnownOfARequestIsNotWrittenAndComesBackSo() throws IOException {
    FirmwareUpdate update =
        new FirmwareUpdate(
            KEY,
            new Firmware("fw", "2"),
            Optional.empty(),
            "http://gw/c8y/1",
            "5".repeat(64),
            true);
    Request other = new Request(Request.LEGACY, new OperationKey(KEY.child(), "other"));
    JournalEntry entry =
        JournalEntry.accepted(Request.V1, update, 3, NOW).markReported(true).askedBy(other);
    journal.write(entry);
    assertThat(journal.find(KEY)).contains(entry);
    assertThat(entry.reported()).isFalse();
    assertThat(entry.markReported(true).reported()).isTrue();
    assertThat(Files.readString(directory.resolve(names().get(0)))).doesNotContain("sha256");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryOfAnEarlierVersionWasAskedForByTheLegacyContract(boolean isTold) throws IOException {
    journal.write(ended(KEY, 7));
    Path file = directory.resolve(names().get(0));
    String now = Files.readString(file);
    String earlier =
        now.replaceFirst("(?s)\"requests\": \\[.*?\\],", "\"reported\": " + isTold + ",");
    assertThat(earlier).isNotEqualTo(now);
    Files.writeString(file, earlier);
    assertThat(journal.find(KEY)).contains(ended(KEY, 7).markReported(isTold));
  }

  @Test
  void childrenWithOneIdDoNotMeet() throws IOException {
    OperationKey other = new OperationKey(new ChildId("plc-2"), KEY.id());
    journal.write(accepted(KEY, 1));
    assertThat(journal.find(other)).isEmpty();
    journal.write(ended(other, 2));
    assertThat(journal.read(ended -> {}).entries())
        .containsExactly(accepted(KEY, 1).abridged(), ended(other, 2));
  }

  @Test
  void entriesComeInTheOrderOfAcceptance() throws IOException {
    OperationKey first = new OperationKey(PLC, "zzz");
    OperationKey second = new OperationKey(PLC, "aaa");
    journal.write(accepted(second, 12));
    journal.write(accepted(first, 11));
    assertThat(journal.read(ended -> {}).entries())
        .extracting(JournalEntry::key)
        .containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "garbage",
        "{}",
        "{\"schema\":2}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"../x\",\"stage\":\"queued\",\"history\":[]}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"x\",\"stage\":\"queued\",\"history\":[]}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"x\",\"stage\":\"flying\",\"history\":[]}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"x\",\"stage\":\"failed\",\"history\":[]}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"x\",\"stage\":\"successful\"}",
      })
  void aDamagedFileIsSetAsideAndItsOperationFails(String content) throws IOException {
    journal.write(accepted(KEY, 1));
    String name = names().get(0);
    Files.writeString(directory.resolve(name), content);

    List<JournalEntry> entries = journal.open(List.of(new ChildId("other"), PLC));

    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).key()).isEqualTo(KEY);
    assertThat(entries.get(0).stage()).isEqualTo(Stage.FAILED);
    assertThat(entries.get(0).reported()).isFalse();
    assertThat(entries.get(0).failure().orElseThrow().reason())
        .startsWith("storage-failed: ")
        .contains(name + ".damaged");
    assertThat(directory.resolve(name + ".damaged")).hasContent(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void anOperationWithADamagedFileIsNotLostWhereverItsReplacementEnds(int changes)
      throws IOException {
    journal.write(accepted(KEY, 1));
    Files.writeString(directory.resolve(names().get(0)), "torn");
    BrokenDisk disk = new BrokenDisk();
    Journal broken = new Journal(directory, disk, InstantSource.fixed(NOW));
    disk.breakAfter(changes);
    try {
      broken.open(List.of(PLC));
    } catch (IOException e) {
      assertThat(e).hasMessage("broken for the test");
    }

    assertThat(journal.open(List.of(PLC)))
        .extracting(JournalEntry::key, JournalEntry::stage)
        .containsExactly(tuple(KEY, Stage.FAILED));
    assertThat(directory.resolve(names().get(0).replace(".damaged", "") + ".damaged"))
        .hasContent("torn");
  }

  @Test
  void aFileDamagedWhileRunningIsSetAsideToo() throws IOException {
    journal.write(accepted(KEY, 1));
    Files.writeString(directory.resolve(names().get(0)), "torn");
    assertThat(journal.find(KEY).orElseThrow().stage()).isEqualTo(Stage.FAILED);
  }

  @Test
  void aDamagedFileOfAnUnknownChildOnlyGoesAside() throws IOException {
    journal.write(accepted(KEY, 1));
    Files.writeString(directory.resolve(names().get(0)), "torn");
    assertThat(journal.open(List.of())).isEmpty();
    assertThat(names()).allMatch(name -> name.endsWith(".damaged"));
  }

  @Test
  void halfWrittenFilesAreRemoved() throws IOException {
    Files.writeString(directory.resolve("x.0123456789abcdef.json.tmp"), "{");
    journal.open(List.of());
    assertThat(names()).isEmpty();
  }

  @Test
  void onlyOldEndedAndReportedOperationsAreForgotten() throws IOException {
    for (int i = 1; i <= 6; i++) {
      JournalEntry entry = ended(new OperationKey(PLC, "op" + i), i);
      journal.write(i == 1 ? entry : entry.markReported(true));
    }
    journal.write(accepted(new OperationKey(PLC, "running"), 7));
    journal.write(ended(new OperationKey(new ChildId("other"), "op9"), 8).markReported(true));

    journal.forget(PLC, 2);

    assertThat(journal.read(ended -> {}).entries())
        .extracting(entry -> entry.key().id())
        .containsExactly("op1", "running");
    assertThat(ended(PLC)).containsExactly("op5", "op6");
    assertThat(ended(new ChildId("other"))).containsExactly("op9");
  }

  @Test
  void aDamagedFileDoesNotHinderForgetting() throws IOException {
    for (int i = 1; i <= 4; i++) {
      journal.write(ended(new OperationKey(PLC, "op" + i), i).markReported(true));
    }
    journal.write(ended(KEY, 5));
    Files.writeString(directory.resolve(names().get(1)), "torn");

    journal.forget(PLC, 2);

    assertThat(ended(PLC)).containsExactly("op3", "op4");
    assertThat(directory.resolve(names().get(1))).hasContent("torn");
  }

  @Test
  void aFileThatCannotBeReadIsNotTakenForAnUnknownOperation() throws IOException {
    journal.write(ended(KEY, 1));
    Path file = directory.resolve(names().get(0));
    Files.delete(file);
    Files.createSymbolicLink(file, file);

    assertThatThrownBy(() -> journal.find(KEY)).isInstanceOf(IOException.class);
  }

  @Test
  void anUnlistedTransitionTellsHowItCameThere() {
    assertThatThrownBy(() -> accepted(KEY, 1).enter(Stage.INSTALLING, Optional.empty(), NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from QUEUED to INSTALLING")
        .hasMessageContaining("it came by [Step[stage=QUEUED");
  }

  @Test
  void theHistoryDoesNotGrowForEver() {
    JournalEntry entry =
        accepted(KEY, 1)
            .enter(Stage.CHECKING, Optional.empty(), NOW)
            .enter(Stage.FETCHING, Optional.empty(), NOW)
            .enter(Stage.READY, Optional.empty(), NOW);
    for (int i = 0; i < 100; i++) {
      entry =
          entry
              .enter(Stage.INSTALLING, Optional.empty(), NOW)
              .enter(Stage.READY, Optional.empty(), NOW);
    }
    assertThat(entry.history()).hasSize(50);
    assertThat(entry.history().get(49).stage()).isEqualTo(Stage.READY);
  }
}
