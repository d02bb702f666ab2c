package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.matrix.FamilyRun.Course;
import io.github.childconnector.matrix.FamilyRun.Fault;
import io.github.childconnector.world.FaultPoints;
import io.github.childconnector.world.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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
 * The families of devices, with a connector or a device that gets SIGKILL; each update ends in the
 * truth: successful only if the device runs the image that was sent, failed only with the version
 * that the device does run, nothing lost, and nothing flashed again.
 *
 * <p>{@link CrashMatrixTest} kills the connector everywhere. Here it is killed once at each kind of
 * point that an undisturbed update of the family comes by: before and after each call of the
 * adapter, at each kind of thing the adapter says meanwhile, and where the journal is renamed; not
 * at what has nothing to do with the family, such as messages, fetches and single writes. The
 * device is killed at the first and at the second time of each of its steps.
 *
 * <p>One family alone: {@code -Dtest='FamilyCrashTest' -Dfamily.only=FUOTA}. With {@code
 * -Dmatrix.lives=sample} each is killed once, and each device once.
 */
@NullMarked
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@IntegrationTest
class FamilyCrashTest {
  private static final int LANES = 8;
  private static final int TRIES = 3;
  private static final int FIRST_PORT = 12_000;

  private final String only = System.getProperty("family.only", "");
  private final AtomicInteger port = new AtomicInteger(FIRST_PORT);
  private final ExecutorService lanes = Executors.newFixedThreadPool(LANES);
  private final ExecutorService families = Executors.newCachedThreadPool();
  private final Map<SimulatedFamily, Future<List<String>>> found =
      new EnumMap<>(SimulatedFamily.class);
  private final Lives lives = new Lives();
  private CrashBench bench;

  /** Begins with all families at once, so that one is at work while the others wait. */
  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    bench = new CrashBench(directory, "families");
    try (CrashRun first = bench.run(CrashScenario.GOOD_UPDATE)) {
      first.liveInOrder(bench.java.recording());
    }
    for (SimulatedFamily family : SimulatedFamily.values()) {
      if (only.isEmpty() || only.equals(family.name())) {
        found.put(family, families.submit(() -> find(family)));
      }
    }
  }

  @AfterAll
  void close() {
    families.shutdownNow();
    lanes.shutdownNow();
    bench.tally.save();
    System.out.println(bench.tally);
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(SimulatedFamily.class)
  void endsInTheTruth(SimulatedFamily family) throws Exception {
    Assumptions.assumeTrue(found.containsKey(family));
    assertThat(Objects.requireNonNull(found.get(family)).get()).isEmpty();
  }

  private List<String> find(SimulatedFamily family) throws Exception {
    Course undisturbed = live(family, Fault.NONE);
    List<String> failures = new ArrayList<>(failures(family, Fault.NONE, undisturbed));
    List<Fault> faults = chosen(family, undisturbed);
    System.out.println(family + " is killed at " + faults);
    List<Callable<List<String>>> deeds = new ArrayList<>();
    faults.forEach(fault -> deeds.add(() -> failures(family, fault)));
    for (Future<List<String>> one : lanes.invokeAll(deeds)) {
      failures.addAll(one.get());
    }
    bench.tally.add(Tally.Count.POINTS, faults.size());
    return failures;
  }

  private List<Fault> chosen(SimulatedFamily family, Course undisturbed) {
    List<Fault> kills =
        kinds(undisturbed.points()).stream().map(point -> new Fault(point, "")).toList();
    List<Fault> deaths =
        undisturbed.steps().stream()
            .filter(step -> step.matches("[a-z-]+#[12]"))
            .map(step -> new Fault("", step))
            .toList();
    List<Fault> chosen = new ArrayList<>(lives.of(family + " kill", kills));
    chosen.addAll(lives.of(family + " death", deaths));
    bench.tally.add(Tally.Count.LEFT_OUT, kills.size() + deaths.size() - chosen.size());
    return chosen;
  }

  private static List<String> kinds(List<String> points) {
    Map<String, String> first = new LinkedHashMap<>();
    points.forEach(
        point ->
            SimulatedFamily.kind(point)
                .ifPresent(kind -> first.putIfAbsent(kind, FaultPoints.anyProgress(point))));
    return List.copyOf(first.values());
  }

  private List<String> failures(SimulatedFamily family, Fault fault) throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      Course course = live(family, fault);
      if (course.isReached() || !course.broken().isEmpty()) {
        return failures(family, fault, course);
      }
    }
    return List.of(family + " did not come again to " + fault);
  }

  private static List<String> failures(SimulatedFamily family, Fault fault, Course course) {
    return course.broken().stream()
        .map(broken -> "%s, %s: %s\n%s".formatted(family, fault, broken, course.account()))
        .peek(System.out::println)
        .toList();
  }

  private Course live(SimulatedFamily family, Fault fault) throws Exception {
    try (FamilyRun run = new FamilyRun(bench, family, fault, freePort())) {
      return run.live();
    }
  }

  /** Below those that others are given by the system, and given to nobody else here. */
  private int freePort() {
    while (true) {
      int next = port.incrementAndGet();
      try (ServerSocket free = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException e) {
        // Taken.
      }
    }
  }
}
