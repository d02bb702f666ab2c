package io.github.childconnector.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.soak.SoakPlan.Fault;
import io.github.childconnector.soak.SoakPlan.Kind;
import io.github.childconnector.soak.SoakPlan.Request;
import io.github.childconnector.world.Broken;
import io.github.childconnector.world.Promises;
import io.github.childconnector.world.Promises.Requested;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many children and random faults of all kinds for {@code -Dsoak.time=2m}; {@code -Dsoak.seed=N}
 * has the same requests and faults come again.
 */
@Tag("soak")
@IntegrationTest
class SoakTest {
  private static final Duration LONGEST_SETTLING = Duration.ofMinutes(5);
  private static final int SAMPLE = 20;

  /** How many threads and files more than at first are in use where there was work. */
  private static final int SPARE = 12;

  private final Duration time =
      DurationText.parse(System.getProperty("soak.time", "2m")).orElseThrow();
  private final long seed = Long.getLong("soak.seed", new Random().nextInt(1_000_000));
  private final Tally tally = new Tally("soak");
  private final SystemClock clock = new SystemClock();

  @Test
  void thePromisesAreKept(@TempDir Path directory) throws Exception {
    System.out.println("soak.seed=" + seed + " soak.time=" + DurationText.write(time));
    SoakPlan plan = SoakPlan.of(seed, time);
    try (SoakBench bench = new SoakBench(directory, plan)) {
      long threads = bench.inProcess("task");
      long descriptors = bench.inProcess("fd");
      carryOut(plan, bench);
      List<Request> operations = operations(plan);
      settle(operations, bench);
      Broken broken = check(operations, bench);
      print(operations, bench);
      assertThat(broken.all()).as(() -> account(broken, operations, bench)).isEmpty();
      resend(operations, bench);
      checkRest(bench, threads, descriptors);
    } finally {
      tally.save();
      clock.close();
    }
  }

  private void carryOut(SoakPlan plan, SoakBench bench) {
    long start = clock.nanoTime();
    Stream.of(
            inTime(start, plan.requests(), Request::at, bench::send),
            inTime(start, plan.outages(), Fault::at, bench::cause),
            inTime(start, plan.troubles(), Fault::at, bench::cause))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private interface Step<T> {
    void take(T what) throws IOException, InterruptedException;
  }

  private <T> CompletableFuture<Void> inTime(
      long start, List<T> all, Function<T, Duration> time, Step<T> step) {
    Executor thread = work -> new Thread(work, "soak").start();
    return CompletableFuture.runAsync(
        () -> {
          for (T each : all) {
            takeAt(start + time.apply(each).toNanos(), step, each);
          }
        },
        thread);
  }

  private <T> void takeAt(long moment, Step<T> step, T what) {
    try {
      long early = moment - clock.nanoTime();
      if (early > 0) {
        clock.sleep(Duration.ofNanos(early));
      }
      step.take(what);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("soak.seed=" + seed + ": " + what, e);
    }
  }

  private static List<Request> operations(SoakPlan plan) {
    Map<String, Request> operations = new LinkedHashMap<>();
    plan.requests().forEach(request -> operations.putIfAbsent(request.id(), request));
    return List.copyOf(operations.values());
  }

  /** What is still open after that is found by whoever looks at the promises. */
  private static void settle(List<Request> operations, SoakBench bench) {
    try {
      await()
          .pollInterval(Duration.ofSeconds(1))
          .atMost(LONGEST_SETTLING)
          .until(() -> bench.isSettled(operations));
    } catch (ConditionTimeoutException e) {
      System.out.println("not settled within " + LONGEST_SETTLING);
    }
  }

  private Broken check(List<Request> operations, SoakBench bench) throws IOException {
    List<Requested> requested = operations.stream().map(it -> requested(it, bench)).toList();
    Broken broken = Promises.check(bench.storage(), requested, bench.cloud().messages());
    bench.crowded().forEach(broken::contradict);
    broken.count(tally);
    return broken;
  }

  private static Requested requested(Request request, SoakBench bench) {
    return new Requested(
        request.child().id(),
        request.id(),
        request.version(),
        SoakBench.digest(request),
        Optional.of(bench.device(request)),
        request.installs(),
        request.child().readable() && !request.behaviour().isBusy());
  }

  /** What has ended is answered again, and not installed again. */
  private void resend(List<Request> operations, SoakBench bench) throws IOException {
    List<Request> sample = new ArrayList<>(operations);
    Collections.shuffle(sample, new Random(seed));
    for (Request request : sample.subList(0, Math.min(SAMPLE, sample.size()))) {
      int installs = bench.device(request).installs();
      List<String> ends = bench.ends(request);
      bench.send(request);
      await("answered again: " + request).until(() -> bench.ends(request).size() > ends.size());
      assertThat(bench.ends(request)).as(request.toString()).containsOnly(ends.get(0));
      assertThat(bench.device(request).installs()).as(request.toString()).isEqualTo(installs);
    }
  }

  private void checkRest(SoakBench bench, long threads, long descriptors) {
    try {
      await("nothing left behind")
          .pollInterval(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(100))
          .untilAsserted(
              () -> {
                assertThat(bench.processes()).as("processes").isEmpty();
                assertThat(bench.inProcess("task")).as("threads").isLessThan(threads + SPARE);
                assertThat(bench.inProcess("fd")).as("files").isLessThan(descriptors + SPARE);
              });
    } catch (ConditionTimeoutException e) {
      tally.add(Count.LEAKS, 1);
      throw new AssertionError("soak.seed=" + seed, e);
    }
  }

  private void print(List<Request> operations, SoakBench bench) throws IOException {
    tally.add(Count.POINTS, bench.caused(Kind.values()));
    tally.add(Count.RUNS, 1);
    tally.add(Count.OPERATIONS, operations.size());
    tally.add(Count.FLASHES, bench.flashes());
    Map<Kind, Integer> caused = new EnumMap<>(Kind.class);
    Stream.of(Kind.values()).forEach(kind -> caused.put(kind, bench.caused(kind)));
    System.out.println("soak.seed=" + seed + " " + tally + " " + caused);
    bench.keepLogs(Path.of("target", "soak-" + seed + ".log"));
  }

  /** All that is known of the operations with which something is wrong. */
  private String account(Broken broken, List<Request> operations, SoakBench bench) {
    String wrong =
        operations.stream()
            .filter(request -> broken.all().stream().anyMatch(it -> it.contains(request.id())))
            .limit(5)
            .map(request -> request + "\n" + bench.history(request))
            .collect(Collectors.joining("\n"));
    return "soak.seed=%d, soak.time=%s\n%s".formatted(seed, DurationText.write(time), wrong);
  }
}
