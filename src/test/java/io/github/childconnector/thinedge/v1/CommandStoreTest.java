package io.github.childconnector.thinedge.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class CommandStoreTest {
  private static final ChildId PLC = new ChildId("gw:device:plc 1");
  private static final OperationKey KEY = new OperationKey(PLC, "c8y-mapper-4711");
  private static final OperationKey OTHER = new OperationKey(new ChildId("pump"), KEY.id());
  private static final String DOCUMENT =
      "{\"status\":\"init\",\"remoteUrl\":\"https://c\",\"name\":\"Öl\",\"version\":\"2\",\"x\":1e400}";
  private static final Command COMMAND = Command.read(DOCUMENT.getBytes(UTF_8));
  private static final CommandState FAILED =
      new CommandState(OperationStatus.FAILED, Optional.of("digest-mismatch: It is another."));

  @TempDir private Path directory = Path.of(".");

  private static CommandStore open(Path directory, Disk disk) throws IOException {
    CommandStore store = new CommandStore(directory, disk);
    store.open();
    return store;
  }

  private CommandStore open() throws IOException {
    return open(directory, new LocalDisk());
  }

  /** The commands of a store, for example {@code plc c8y-mapper-1 {…} failed}. */
  private static List<String> contents(CommandStore store)
      throws IOException, InterruptedException {
    List<String> contents = new ArrayList<>();
    store.forEach(kept -> contents.add(text(kept)));
    return contents;
  }

  private static String text(KeptCommand kept) {
    return kept.key() + " " + kept.command().fields() + " " + kept.said();
  }

  private static String text(OperationKey key, Optional<CommandState> said) {
    return key + " " + DOCUMENT + " " + said;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatIsPutIsFoundAfterARestartUntilItIsRemoved() throws Exception {
    CommandStore store = open();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    assertThat(store.put(OTHER, COMMAND)).isTrue();
    assertThat(store.said(KEY, CommandState.EXECUTING)).isTrue();
    assertThat(store.said(KEY, FAILED)).isTrue();

    CommandStore again = open();
    assertThat(again.find(KEY).map(CommandStoreTest::text))
        .contains(text(KEY, Optional.of(FAILED)));
    assertThat(contents(again))
        .containsExactlyInAnyOrder(text(KEY, Optional.of(FAILED)), text(OTHER, Optional.empty()));

    again.remove(KEY);
    assertThat(again.find(KEY)).isEmpty();
    assertThat(contents(open())).containsExactly(text(OTHER, Optional.empty()));
  }

  @Test
  void theFormatIsAsDocumented() throws IOException {
    CommandStore store = open();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    assertThat(names()).containsExactly("c8y-mapper-4711.2e1193546d1d0691.json");
    Path file = directory.resolve(names().get(0));
    String kept =
        "{\"schema\":1,\"child\":\"gw:device:plc 1\",\"id\":\"c8y-mapper-4711\",\"command\":"
            + DOCUMENT;
    assertThat(Files.readString(file)).isEqualTo(kept + "}");
    assertThat(store.said(KEY, FAILED)).isTrue();
    assertThat(Files.readString(file))
        .isEqualTo(
            kept
                + ",\"said\":{\"status\":\"failed\",\"reason\":\"digest-mismatch: It is another.\"}}");
  }

  /** Or a message that comes again would undo what was said. */
  @Test
  void aCommandThatIsKeptStaysAsItIs() throws IOException {
    CommandStore store = open();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    assertThat(store.said(KEY, FAILED)).isTrue();
    assertThat(store.put(KEY, Command.read(new byte[0]))).isTrue();
    assertThat(store.find(KEY).map(CommandStoreTest::text))
        .contains(text(KEY, Optional.of(FAILED)));
  }

  @Test
  void nothingIsSaidOfACommandThatWasCleared() throws IOException {
    CommandStore store = open();
    assertThat(store.said(KEY, FAILED)).isFalse();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    store.remove(KEY);
    store.remove(KEY);
    assertThat(store.said(KEY, FAILED)).isFalse();
    assertThat(names()).isEmpty();
  }

  @Test
  void theSameWordIsWrittenOnce() throws IOException {
    BrokenDisk disk = new BrokenDisk();
    CommandStore store = open(directory, disk);
    assertThat(store.put(KEY, COMMAND)).isTrue();
    assertThat(store.said(KEY, CommandState.EXECUTING)).isTrue();
    int changes = disk.changes().size();
    assertThat(store.said(KEY, CommandState.EXECUTING)).isTrue();
    assertThat(disk.changes()).hasSize(changes);
  }

  @Test
  void oneMoreThanTheMostIsNotKept() throws IOException {
    assertThat(CommandStore.MAX_COMMANDS).isEqualTo(10_000);
    try (RecordingLog log = RecordingLog.of(CommandStore.class)) {
      CommandStore store = new CommandStore(directory, new LocalDisk(), 2);
      store.open();
      assertThat(store.put(KEY, COMMAND)).isTrue();
      assertThat(store.put(OTHER, COMMAND)).isTrue();
      assertThat(log.lines()).isEmpty();
      assertThat(store.put(new OperationKey(PLC, "third"), COMMAND)).isFalse();
      assertThat(log.lines()).hasSize(1).first().asString().contains("No more than 2 commands");
      assertThat(store.put(KEY, COMMAND)).isTrue();

      store.remove(KEY);
      assertThat(store.put(new OperationKey(PLC, "third"), COMMAND)).isTrue();
      CommandStore again = new CommandStore(directory, new LocalDisk(), 2);
      again.open();
      assertThat(again.put(KEY, COMMAND)).isFalse();
    }
  }

  @Test
  void aCommandOfTheLongestDocumentFits() throws IOException {
    String head = "{\"status\":\"init\",\"name\":\"\",\"version\":\"\",\"url\":\"u\",\"x\":\"";
    String longest = head + "\u2028".repeat((64 * 1024 - head.length() - 2) / 3) + "\"}";
    Command command = Command.read(longest.getBytes(UTF_8));
    assertThat(command.problem()).isEmpty();
    assertThat(open().put(KEY, command)).isTrue();
    KeptCommand kept = open().find(KEY).orElseThrow();
    assertThat(kept.command().problem()).isEmpty();
    assertThat(kept.command().fields()).isEqualTo(command.fields());
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
        "{\"schema\":1,\"child\":\"a\",\"id\":\"../x\",\"command\":{}}",
        "{\"schema\":1,\"child\":\"a\",\"id\":\"x\",\"command\":{}}",
        "{\"schema\":1,\"child\":\"gw:device:plc 1\",\"id\":\"c8y-mapper-4711\",\"command\":[]}",
        "{\"schema\":1,\"child\":\"gw:device:plc 1\",\"id\":\"c8y-mapper-4711\",\"command\":{},"
            + "\"said\":{\"status\":\"flying\"}}",
        "{\"schema\":1,\"child\":\"gw:device:plc 1\",\"id\":\"c8y-mapper-4711\",\"command\":{},"
            + "\"said\":{\"status\":\"failed\",\"reason\":null}}"
      })
  void aDamagedFileIsSetAsideAndTheOthersAreServed(String content) throws Exception {
    CommandStore store = open();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    assertThat(store.put(OTHER, COMMAND)).isTrue();
    Path file = directory.resolve("c8y-mapper-4711.2e1193546d1d0691.json");
    Files.writeString(file, content);

    try (RecordingLog log = RecordingLog.of(CommandStore.class)) {
      CommandStore again = open();
      assertThat(log.lines()).hasSize(1).first().asString().startsWith("SEVERE The command in ");
      assertThat(contents(again)).containsExactly(text(OTHER, Optional.empty()));
      assertThat(Path.of(file + CommandStore.DAMAGED_SUFFIX)).hasContent(content);
      assertThat(again.put(KEY, COMMAND)).isTrue();
      assertThat(contents(again)).hasSize(2);
      Files.writeString(file, content);
      assertThat(again.find(KEY)).isEmpty();
      assertThat(log.lines()).hasSize(2);
    }
  }

  @Test
  void halfWrittenFilesAreRemoved() throws IOException {
    Files.writeString(directory.resolve("x.0123456789abcdef.json.tmp"), "{");
    CommandStore unused = open();
    assertThat(names()).isEmpty();
  }

  /** Else an unfinished command would be taken for a cleared one. */
  @Test
  void aCommandIsNotClearedBecauseTheWholeDirectoryIsAway(@TempDir Path elsewhere)
      throws IOException {
    CommandStore store = open();
    assertThat(store.put(KEY, COMMAND)).isTrue();
    Path away = Files.move(directory, elsewhere.resolve("away"));
    assertThatThrownBy(() -> store.find(KEY)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.said(KEY, FAILED)).isInstanceOf(IOException.class);
    Files.move(away, directory);
    assertThat(store.find(KEY)).isPresent();
  }

  private interface Step {
    void take(CommandStore store) throws IOException;
  }

  private static final List<Step> STORY =
      List.of(
          store -> assertThat(store.put(KEY, COMMAND)).isTrue(),
          store -> assertThat(store.said(KEY, CommandState.EXECUTING)).isTrue(),
          store -> assertThat(store.put(OTHER, COMMAND)).isTrue(),
          store -> assertThat(store.said(KEY, FAILED)).isTrue(),
          store -> store.remove(KEY),
          store -> assertThat(store.said(OTHER, CommandState.EXECUTING)).isTrue());

  /** What was kept after each number of steps. */
  private static List<List<String>> states(Path place) throws Exception {
    CommandStore store = open(place, new FakeDisk());
    List<List<String>> states = new ArrayList<>();
    states.add(contents(store));
    for (Step step : STORY) {
      step.take(store);
      states.add(contents(store));
    }
    return states;
  }

  @Test
  void whereverThePowerGoesTheLastStepIsThereOrNotAtAll() throws Exception {
    Path place = Path.of("/store");
    List<List<String>> states = states(place);
    try (RecordingLog log = RecordingLog.of(CommandStore.class)) {
      int cuts = 0;
      int done = 0;
      while (done < STORY.size()) {
        FakeDisk disk = new FakeDisk();
        CommandStore store = open(place, disk);
        done = takeUntil(cuts++, disk, store, place);
        List<List<String>> possible = states.subList(done, Math.min(done + 2, states.size()));
        for (FakeDisk left : disk.survivors().some(200, cuts).values()) {
          assertThat(contents(open(place, left))).as("after %d changes", cuts).isIn(possible);
        }
      }
      assertThat(cuts).isGreaterThan(20);
      assertThat(log.lines()).isEmpty();
    }
  }

  /** How many steps were done when the disk took no more changes. */
  private static int takeUntil(int changes, FakeDisk disk, CommandStore before, Path place)
      throws Exception {
    assertThat(contents(before)).isEmpty();
    BrokenDisk broken = new BrokenDisk(disk);
    CommandStore store = open(place, broken);
    broken.breakAfter(changes);
    for (int done = 0; done < STORY.size(); done++) {
      try {
        STORY.get(done).take(store);
      } catch (IOException e) {
        assertThat(e).hasMessage("broken for the test");
        return done;
      }
    }
    return STORY.size();
  }
}
