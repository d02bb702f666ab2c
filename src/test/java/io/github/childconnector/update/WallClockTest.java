package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.journal.AllEntries;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The clock of the day is set in every stage of an operation, and nothing but its history shows.
 */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WallClockTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final Duration HOUR = Duration.ofHours(1);

  /** What the clock may be set to, by how much it is then ahead. */
  private static final Map<String, Duration> JUMPS = jumps();

  private final Logger log = Logger.getLogger("io.github.childconnector");
  private final Tally tally = new Tally("time");
  private final Map<String, Play> plays = plays();

  /** A course of events; what the engine made of it must not depend on the clock of the day. */
  private interface Play {
    void act(Engine engine) throws Exception;
  }

  /** What happened, but for the times that were written. */
  private record Trace(
      List<List<String>> words,
      List<String> done,
      Duration end,
      List<String> entries,
      Set<Stage> stages) {}

  private static Map<String, Duration> jumps() {
    Map<String, Duration> jumps = new LinkedHashMap<>();
    jumps.put("an hour forth", HOUR);
    jumps.put("an hour back", HOUR.negated());
    jumps.put("nine hours back", HOUR.multipliedBy(-9));
    jumps.put("to 1970", Duration.between(NOW, Instant.EPOCH));
    jumps.put("to 2106", Duration.between(NOW, Instant.parse("2106-02-07T06:28:16Z")));
    return jumps;
  }

  private static Map<String, Play> plays() {
    Map<String, Play> plays = new LinkedHashMap<>();
    plays.put("good", WallClockTest::update);
    plays.put("busy", WallClockTest::busyAtFirst);
    plays.put("always busy", WallClockTest::alwaysBusy);
    plays.put("not confirmed", WallClockTest::notConfirmed);
    plays.put("rolled back", WallClockTest::rolledBack);
    plays.put("timed out", WallClockTest::timedOut);
    plays.put("wrong image", WallClockTest::wrongImage);
    plays.put("restarted", WallClockTest::restarted);
    plays.put("sent again", WallClockTest::sentAgain);
    return plays;
  }

  private static void update(Engine engine) throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitLateEnd(key("op"));
  }

  private static void busyAtFirst(Engine engine) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(5);
    engine.device.install =
        installation -> {
          if (left.getAndDecrement() > 0) {
            throw new DeviceBusyException("driving");
          }
          engine.device.takeIt(installation);
        };
    update(engine);
  }

  private static void alwaysBusy(Engine engine) throws InterruptedException {
    engine.device.install =
        installation -> {
          engine.scheduler.advance(Duration.ofMinutes(20));
          throw new DeviceBusyException("driving");
        };
    update(engine);
  }

  private static void notConfirmed(Engine engine) throws InterruptedException {
    engine.device.install = installation -> {};
    update(engine);
  }

  private static void rolledBack(Engine engine) throws InterruptedException {
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          throw new UpdateException(FailureCode.INSTALL_FAILED, "The device refused it.");
        };
    update(engine);
  }

  private static void timedOut(Engine engine) throws InterruptedException {
    engine.device.install = installation -> engine.device.hang();
    engine.start();
    engine.request("op", "2.0");
    engine.awaitLateEnd(key("op"));
  }

  private static void wrongImage(Engine engine) throws InterruptedException {
    engine.images.fetch =
        () -> {
          throw new UpdateException(FailureCode.DIGEST_MISMATCH, "It is another.");
        };
    update(engine);
  }

  private static void restarted(Engine engine) throws InterruptedException {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          engine.device.hang();
        };
    engine.start();
    engine.request("op", "2.0");
    engine.await(engine.device::isHanging);
    engine.close();
    engine.start();
    engine.awaitLateEnd(key("op"));
  }

  private static void sentAgain(Engine engine) throws InterruptedException {
    update(engine);
    engine.close();
    engine.start();
    engine.request("op", "2.0");
    engine.request("next", "3.0");
    engine.awaitLateEnd(key("next"));
    engine.awaitLateEnd(key("op"));
  }

  /** For each play, the clock is set at each of its readings in each way, and at all of them. */
  @TestFactory
  Stream<DynamicTest> nothingDependsOnTheClockOfTheDay() {
    return plays.keySet().stream()
        .flatMap(
            play ->
                JUMPS.keySet().stream()
                    .map(
                        jump ->
                            DynamicTest.dynamicTest(play + ", " + jump, () -> check(play, jump))));
  }

  private void check(String play, String jump) throws Exception {
    SetClock still = new SetClock(Integer.MAX_VALUE, Duration.ZERO);
    Trace expected = run(play, still);
    for (int reading = 0; reading <= Math.min(still.readings(), 12); reading++) {
      tally.add(Count.POINTS, 1);
      Duration by = Objects.requireNonNull(JUMPS.get(jump));
      Trace found = run(play, new SetClock(reading, by));
      if (!found.equals(expected)) {
        tally.add(Count.CONTRADICTIONS, 1);
      }
      assertThat(found).as("%s, %s from reading %d on", play, jump, reading).isEqualTo(expected);
    }
  }

  private Trace run(String play, SetClock time) throws Exception {
    tally.add(Count.RUNS, 1);
    try (Scheduler scheduler = Scheduler.ofThisThread(1);
        Engine engine = new Engine(scheduler)) {
      engine.time = time;
      Objects.requireNonNull(plays.get(play)).act(engine);
      engine.stop();
      return judge(engine, time);
    }
  }

  private Trace judge(Engine engine, SetClock time) throws IOException {
    List<JournalEntry> entries = AllEntries.of(engine.journal());
    tally.add(Count.OPERATIONS, entries.size());
    tally.add(Count.FLASHES, engine.device.installs.get());
    assertThat(time.readings()).isPositive();
    return trace(engine, entries);
  }

  private static Trace trace(Engine engine, List<JournalEntry> entries) {
    List<List<String>> words = new ArrayList<>();
    List<String> timeless = new ArrayList<>();
    Set<Stage> stages = new HashSet<>();
    for (JournalEntry entry : entries) {
      words.add(engine.statuses.words(entry.key()));
      entry.history().forEach(step -> stages.add(step.stage()));
      List<Stage> path = entry.history().stream().map(JournalEntry.Step::stage).toList();
      timeless.add(entry.key() + " " + path + " " + entry.failure() + " " + entry.reported());
    }
    return new Trace(
        words,
        List.copyOf(engine.device.order),
        Duration.ofNanos(engine.scheduler.nanoTime()),
        timeless,
        stages);
  }

  /** A clock of the day that is set at one of its readings; from then on, at every other again. */
  private static final class SetClock implements InstantSource {
    private final int from;
    private final Duration by;
    private int readings;

    private SetClock(int from, Duration by) {
      this.from = from;
      this.by = by;
    }

    @Override
    public synchronized Instant instant() {
      boolean isSet = readings >= from && (readings - from) % 2 == 0;
      readings++;
      return isSet ? NOW.plus(by) : NOW;
    }

    private synchronized int readings() {
      return readings;
    }
  }

  @BeforeAll
  void quiet() {
    log.setLevel(Level.OFF);
  }

  @AfterAll
  void save() {
    log.setLevel(null);
    tally.save();
    assertThat(tally.get(Count.CONTRADICTIONS)).isZero();
  }
}
