package io.github.childconnector.matrix;

import static org.awaitility.Awaitility.await;

import io.github.childconnector.world.BreakableDaemon;
import io.github.childconnector.world.Broken;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.FaultPoints;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.NullMarked;

/** One scenario from beginning to end, over as many lives of the connector as it is killed. */
@NullMarked
final class CrashRun implements AutoCloseable {
  private static final Duration LIMIT = Patience.LONGEST;

  /** Nothing more is to be expected of a connector that has been done for so long. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private final CrashBench bench;
  private final CrashScenario scenario;
  private final CrashWorld world;
  private final StringBuilder logs = new StringBuilder();
  private Optional<Daemon> daemon = Optional.empty();
  private int lives;
  private int kills;
  private boolean intervened;
  private Broken seen = new Broken();

  /** Sets the scenario up, so that its requests wait for the connector. */
  CrashRun(CrashBench bench, Path directory, CrashScenario scenario) throws IOException {
    this.bench = bench;
    this.scenario = scenario;
    this.world = new CrashWorld(bench, directory);
    scenario.prepare(world);
    world.begin();
  }

  /**
   * What came of all lives together.
   *
   * @param points where the last life could have been killed, before the requests were sent again
   * @param broken the promises that were not kept
   * @param account what was logged and said
   */
  record Course(List<String> points, List<String> broken, String account) {}

  CrashWorld world() {
    return world;
  }

  /** Does what a scenario does to the running connector, once over all lives. */
  void intervene(Intervention intervention) throws IOException {
    if (!intervened) {
      intervened = true;
      intervention.take();
    }
  }

  /** Something that happens to a connector. */
  interface Intervention {
    void take() throws IOException;
  }

  /** Tells the connector to stop. */
  void terminate() {
    daemon.ifPresent(Daemon::terminate);
  }

  /** Lets the connector live until it reaches the point, and kills it there, if it comes there. */
  boolean killAt(String point) throws IOException, InterruptedException {
    start(bench.java.options(), point);
    Path marker = FaultPoints.marker(life());
    Quiet quiet = new Quiet();
    within(() -> Files.exists(marker) || hasEnded() || quiet.isLong());
    boolean reached = Files.exists(marker);
    end();
    kills++;
    return reached;
  }

  private final class Quiet {
    private Optional<Long> since = Optional.empty();

    private boolean isLong() {
      since = world.isSettled() ? since.or(() -> Optional.of(System.nanoTime())) : Optional.empty();
      return since.filter(begin -> System.nanoTime() - begin > QUIET.toNanos()).isPresent();
    }
  }

  /** Lets the connector live until all is done, sends the requests again, and looks at it all. */
  Course liveOn() throws IOException, InterruptedException {
    start(bench.java.options(), "");
    within(() -> hasEnded() || isDone());
    List<String> points = points();
    if (hasEnded()) {
      // It was told to stop, and goes on where it was.
      end();
      start(bench.java.options(), "");
    }
    // Once it is done; a moment earlier it may still clean up.
    boolean kept = within(this::isDone) || look();
    List<String> broken = kept ? sendAgain() : seen.all();
    end();
    count();
    return new Course(points, broken, logs + "--- said\n" + world.said());
  }

  /** One life to its end in order, with these options for Java. */
  void liveInOrder(List<String> options) throws IOException, InterruptedException {
    start(options, "");
    within(this::isDone);
    daemon.orElseThrow().stop();
    end();
  }

  private List<String> sendAgain() throws IOException {
    List<Long> before = world.ends();
    int flashes = world.flashes();
    world.send();
    List<String> broken = new ArrayList<>();
    if (!within(() -> isMore(world.ends(), before) && isDone())) {
      look();
      broken.add("a request sent again was not answered again");
      broken.addAll(seen.all());
      bench.tally.add(Tally.Count.LOST, 1);
    }
    if (world.flashes() != flashes) {
      broken.add("a request sent again was carried out again");
      bench.tally.add(Tally.Count.CONTRADICTIONS, 1);
    }
    return broken;
  }

  private static boolean isMore(List<Long> now, List<Long> before) {
    return IntStream.range(0, now.size()).allMatch(i -> now.get(i) > before.get(i));
  }

  private boolean isDone() {
    return world.isSettled() && look();
  }

  /** Whether all promises are kept now. */
  private boolean look() {
    seen = world.broken(kills);
    return seen.all().isEmpty();
  }

  private void start(List<String> options, String wanted) throws IOException {
    lives++;
    Files.createDirectory(life());
    List<String> words = new ArrayList<>(options);
    words.addAll(FaultPoints.options(life(), world.name(), wanted));
    words.add(BreakableDaemon.class.getName());
    words.add(world.config().toString());
    daemon = Optional.of(Daemon.java(words, Map.of()));
  }

  private Path life() {
    return world.directory().resolve("life" + lives);
  }

  private List<String> points() throws IOException {
    Path file = FaultPoints.record(life());
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private boolean hasEnded() {
    return !daemon.orElseThrow().isAlive();
  }

  private void end() throws IOException, InterruptedException {
    Daemon ending = daemon.orElseThrow();
    ending.kill();
    logs.append("--- life " + lives + "\n").append(ending.log());
    ending.close();
  }

  private boolean within(Callable<Boolean> condition) {
    try {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .pollInSameThread()
          .atMost(LIMIT)
          .until(
              () -> {
                scenario.meanwhile(this);
                return condition.call();
              });
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private void count() {
    bench.tally.add(Tally.Count.RUNS, lives);
    bench.tally.add(Tally.Count.OPERATIONS, world.operations());
    bench.tally.add(Tally.Count.FLASHES, world.flashes());
    seen.count(bench.tally);
  }

  @Override
  public void close() throws IOException {
    if (daemon.isPresent()) {
      daemon.get().close();
    }
    world.close();
  }
}
