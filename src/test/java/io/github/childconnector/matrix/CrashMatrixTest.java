package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.Tally;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connector is killed before and after everything it does that lasts, and once more while it
 * recovers from that; then it has to bring everything to one end. Which moments those are is
 * recorded from a life that nobody disturbs.
 *
 * <p>One scenario or one point of it alone: {@code -Dcrash.only="FAILING"} or {@code
 * -Dcrash.only="FAILING restore plc after#1"}. With {@code -Dmatrix.lives=sample} a good update is
 * killed wherever that {@linkplain CrashFindings#distinct makes a difference}, each other scenario
 * once, and one recovery of each.
 */
@NullMarked
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@IntegrationTest
class CrashMatrixTest {
  private static final int LANES = 10;
  private static final int TRIES = 3;

  private final String only = System.getProperty("crash.only", "");
  private final ExecutorService lanes = Executors.newFixedThreadPool(LANES);
  private final ExecutorService scenarios = Executors.newCachedThreadPool();
  private final Map<CrashScenario, Future<CrashFindings>> found =
      new EnumMap<>(CrashScenario.class);
  private final Lives lives = new Lives();
  private CrashBench bench;

  /** Begins with all scenarios at once, so that one is at work while the others wait. */
  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    bench = new CrashBench(directory);
    try (CrashRun first = bench.run(CrashScenario.GOOD_UPDATE)) {
      first.liveInOrder(bench.java.recording());
    }
    for (CrashScenario scenario : CrashScenario.values()) {
      if (isWanted(scenario)) {
        found.put(scenario, scenarios.submit(() -> find(scenario)));
      }
    }
  }

  @AfterAll
  void close() {
    scenarios.shutdownNow();
    lanes.shutdownNow();
    bench.tally.save();
    System.out.println(bench.tally);
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(CrashScenario.class)
  void survives(CrashScenario scenario) throws Exception {
    Assumptions.assumeTrue(isWanted(scenario), "-Dcrash.only=" + only);
    CrashFindings findings = Objects.requireNonNull(found.get(scenario)).get();
    System.out.println(findings);
    assertThat(findings.failures()).isEmpty();
    bench.tally.add(Tally.Count.POINTS, findings.killed());
  }

  private CrashFindings find(CrashScenario scenario) throws Exception {
    CrashFindings findings = new CrashFindings(scenario);
    findings.undisturbed(run(findings, List.of()).orElseThrow());
    each(chosenKills(findings), point -> kill(findings, point));
    if (findings.failures().isEmpty()) {
      each(chosen(findings, findings.recoveries()), pair -> killTwice(findings, pair));
    }
    return findings;
  }

  private List<String> chosenKills(CrashFindings findings) {
    List<String> points = findings.points(only);
    if (!findings.scenario().isExhaustive()) {
      return chosen(findings, points);
    }
    return chosen(points, lives.isSample() ? CrashFindings.distinct(points) : points);
  }

  private <T> List<T> chosen(CrashFindings findings, List<T> points) {
    return chosen(points, lives.of(findings.scenario().name(), points));
  }

  private <T> List<T> chosen(List<T> points, List<T> chosen) {
    bench.tally.add(Tally.Count.LEFT_OUT, points.size() - chosen.size());
    return chosen;
  }

  private boolean isWanted(CrashScenario scenario) {
    return only.isEmpty() || (only + " ").startsWith(scenario + " ");
  }

  private interface Deed<T> {
    void take(T where) throws Exception;
  }

  private <T> void each(List<T> all, Deed<T> deed) throws Exception {
    List<Callable<Boolean>> deeds = new ArrayList<>();
    for (T where : all) {
      deeds.add(
          () -> {
            deed.take(where);
            return true;
          });
    }
    for (Future<Boolean> one : lanes.invokeAll(deeds)) {
      one.get();
    }
  }

  private void kill(CrashFindings findings, String point) throws Exception {
    Optional<CrashRun.Course> once = run(findings, List.of(point));
    if (once.isPresent()) {
      findings.recovered(point, once.get());
    } else if (isOnTheWay(findings, point)) {
      findings.missed(point);
    } else {
      System.out.println(findings.scenario() + " comes to " + point + " by chance only");
    }
  }

  /** How long what is ended takes to end, say, differs, and with it what is said of that. */
  private boolean isOnTheWay(CrashFindings findings, String point) throws Exception {
    return run(findings, List.of()).orElseThrow().points().contains(point);
  }

  private void killTwice(CrashFindings findings, List<String> points) throws Exception {
    if (run(findings, points).isPresent()) {
      findings.recoveredAgain();
    } else {
      findings.missedInRecovery(points);
    }
  }

  /** Empty if the points were not reached, because threads took another turn each time. */
  private Optional<CrashRun.Course> run(CrashFindings findings, List<String> points)
      throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      try (CrashRun run = bench.run(findings.scenario())) {
        boolean reached = true;
        for (String point : points) {
          reached &= run.killAt(point);
        }
        CrashRun.Course course = run.liveOn();
        findings.note(points, course);
        if (reached) {
          return Optional.of(course);
        }
      }
    }
    return Optional.empty();
  }
}
