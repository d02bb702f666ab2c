package io.github.childconnector.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Lives of the connector by seeds, from {@code -Dsimulation.seed=1} on, until there were {@code
 * -Dsimulation.lives=20000}. A run that is red says its seed; that alone, with {@code
 * -Dsimulation.lives=1}, is that run again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulationTest {
  private static final int ENOUGH_PROBLEMS = 3;

  private final ErrorLog errors = ErrorLog.open();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicLong lives = new AtomicLong();

  @AfterAll
  void loud() {
    errors.close();
  }

  @Test
  void theSameSeedIsTheSameRun() {
    try (Carriers carriers = new Carriers()) {
      for (long seed = 1; seed <= 20; seed++) {
        assertThat(trace(carriers, seed)).isEqualTo(trace(carriers, seed)).isNotEmpty();
      }
    }
  }

  private static String trace(Carriers carriers, long seed) {
    Trace trace = Trace.kept();
    Verdict verdict = new Run(carriers, seed, trace).judge();
    assertThat(verdict.all()).isEmpty();
    return trace.toString();
  }

  @Tag("matrix")
  @Test
  void everyOperationHasOneEnd() throws InterruptedException {
    Tally tally = new Tally("simulation");
    long wanted = Long.getLong("simulation.lives", 20_000);
    AtomicLong seeds = new AtomicLong(Long.getLong("simulation.seed", 1));
    long before = cpuTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread worker = new Thread(() -> work(seeds, wanted, tally), "simulation-" + i);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    double seconds = (cpuTime() - before) / 1e9;
    tally.add(Count.RUNS, lives.get());
    tally.save();
    System.out.printf(
        "%s: %d lives, %.0f per CPU second, up to seed %d%n",
        tally, lives.get(), lives.get() / seconds, seeds.get() - 1);
    assertThat(problems).isEmpty();
  }

  private void work(AtomicLong seeds, long wanted, Tally tally) {
    try (Carriers carriers = new Carriers()) {
      while (lives.get() < wanted && problems.size() < ENOUGH_PROBLEMS) {
        Run run = new Run(carriers, seeds.getAndIncrement(), Trace.none());
        Verdict verdict = run.judge();
        lives.addAndGet(run.lives());
        tally.add(Count.POINTS, run.lives() - 1);
        verdict.count(tally);
        verdict.all().forEach(problem -> problems.add(problem + "\n" + run.account()));
      }
    } catch (RuntimeException | Error e) {
      problems.add("a run could not be judged: " + e);
    }
  }

  private static long cpuTime() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
