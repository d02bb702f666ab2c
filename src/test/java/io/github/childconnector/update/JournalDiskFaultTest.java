package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.simulation.Scheduler;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that fails at each single thing the journal asks of it, for a short or a long time: the
 * update waits and goes on by itself, and is neither lost nor carried out twice.
 */
@Tag("matrix")
class JournalDiskFaultTest {
  private static final Tally TALLY = new Tally("disk");
  private static final OperationKey FIRST = Engine.key("first");
  private static final OperationKey SECOND = Engine.key("second");

  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  @ParameterizedTest(name = "{0} times")
  @ValueSource(ints = {1, 7})
  void eachUseOfTheDiskMayFail(int times) throws Exception {
    int uses = check(directory.resolve("count"), Integer.MAX_VALUE, 0);
    assertThat(uses).isGreaterThan(40);
    for (int use = 0; use < uses; use++) {
      check(directory.resolve("use" + use), use, times);
      TALLY.add(Count.POINTS, 1);
    }
  }

  /** Two updates and a restart; returns how often the disk was used. */
  private static int check(Path place, int use, int times) throws Exception {
    Files.createDirectory(place);
    TALLY.add(Count.OPERATIONS, 2);
    try (Scheduler scheduler = Scheduler.ofThisThread(use);
        Engine engine = new Engine(scheduler, place)) {
      engine.disk.fail(use, times, "No space left on device");
      run(engine, place);
      int uses = engine.disk.uses();
      String where = "use " + use + " (" + engine.disk.failed() + ") failing " + times + " times";
      TALLY.expect(Count.CONTRADICTIONS, () -> assertEnds(engine, where));
      TALLY.add(Count.FLASHES, engine.device.installs.get());
      if (times <= 1) {
        TALLY.expect(Count.LEAKS, () -> assertTidy(place, where));
      }
      try (Engine next = new Engine(scheduler, place)) {
        TALLY.expect(Count.CONTRADICTIONS, () -> assertAnsweredAgain(next, where));
      }
      TALLY.expect(Count.LEAKS, () -> assertTidy(place, where));
      return uses;
    }
  }

  private static void run(Engine engine, Path place) throws Exception {
    start(engine);
    TALLY.add(Count.RUNS, 1);
    engine.request("first", "2.0");
    engine.request("second", "3.0");
    TALLY.expect(Count.LOST, () -> awaitEnds(engine, place));
  }

  private static void awaitEnds(Engine engine, Path place) {
    engine.scheduler.await(() -> isEnded(engine, place, FIRST) && isEnded(engine, place, SECOND));
  }

  /** As systemd does: a start that fails is followed by another. */
  private static void start(Engine engine) {
    for (boolean started = false; !started; ) {
      try {
        engine.start();
        started = true;
      } catch (AssertionError e) {
        assertThat(e).hasCauseInstanceOf(IOException.class);
        engine.close();
      }
    }
  }

  /** That it has been said may be noted only at the next start. */
  private static boolean isEnded(Engine engine, Path place, OperationKey key) {
    return entry(place, key).stage().isEnd() && !engine.statuses.ends(key).isEmpty();
  }

  private static JournalEntry entry(Path place, OperationKey key) {
    try {
      return new Journal(place.resolve("operations"), new LocalDisk(), InstantSource.system())
          .find(key)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertEnds(Engine engine, String where) {
    engine.close();
    for (OperationKey key : List.of(FIRST, SECOND)) {
      assertThat(engine.statuses.words(key)).as(where).containsExactly("executing", "successful");
    }
    assertThat(engine.device.order).as(where).containsExactly("first", "second");
  }

  private static void assertTidy(Path place, String where) throws IOException {
    try (Stream<Path> files = Files.walk(place.resolve("operations"))) {
      List<String> names =
          files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
      assertThat(names).as(where).hasSize(3).contains("sequence");
      assertThat(names).as(where).filteredOn(name -> name.endsWith(".json")).hasSize(2);
    }
  }

  private static void assertAnsweredAgain(Engine next, String where) throws Exception {
    next.start();
    next.request("first", "2.0");
    next.scheduler.await(() -> !next.statuses.ends(FIRST).isEmpty());
    assertThat(next.statuses.words(FIRST)).as(where).endsWith("successful");
    assertThat(next.device.installs).as(where).hasValue(0);
  }
}
