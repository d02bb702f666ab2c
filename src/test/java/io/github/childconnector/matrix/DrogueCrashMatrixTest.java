package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Steps;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.DrogueBench;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Drogue device loses its power before each step it takes in an update, or the connector is
 * killed while the device is there, and what is told in the end is what the device runs for good.
 * Which steps there are is recorded from a device that nobody disturbs.
 */
@NullMarked
@Tag("matrix")
@IntegrationTest
class DrogueCrashMatrixTest {
  private static final Duration LONGEST = Patience.LONGEST;
  private static final List<String> MOMENTS =
      List.of(
          "write#1", "write#3", "swap#1", "swapped#1", "copy#4", "boot#2", "sync#1", "synced#1");

  private final Map<String, FakeDrogueDevice> devices = new LinkedHashMap<>();
  private DrogueBench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    bench = new DrogueBench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static Traits traits() {
    return DrogueBench.traits().backoff(Duration.ofMillis(10));
  }

  /** Each step comes once, because they are numbered. */
  private static Steps cutAt(String step) {
    return reached -> {
      if (reached.equals(step)) {
        throw new Steps.PowerCut(step);
      }
    };
  }

  private List<String> stepsOf(byte[] image) throws Exception {
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    bench.gateway.removeChildren();
    bench.child("recorded");
    try (FakeDrogueDevice device = bench.device("recorded", traits()).steps(steps::add);
        Daemon daemon = bench.start()) {
      bench.send("recorded", image);
      daemon.awaitLog("Waiting for the device");
      device.powerOn(bench.ways("recorded"));
      bench.end("recorded");
      await().until(() -> device.count("synced") > 0);
      assertThat(daemon.stop()).isZero();
    }
    bench.gateway.removeChildren();
    return List.copyOf(steps);
  }

  @Test
  void aDeviceThatLosesItsPowerIsUpdatedOrSaidNotToBe() throws Exception {
    Tally tally = new Tally("dfu-power");
    List<String> steps = stepsOf(DrogueBench.GOOD);
    assertThat(steps).contains("erase#5", "written#4", "swap#1", "progress#8", "sync#1");
    cutAtEach(steps, DrogueBench.GOOD, tally);
    conclude(tally, steps);
    // Only there is the new version seen and gone again.
    assertThat(steps.stream().filter(step -> !isSuccess(step)))
        .allMatch(step -> steps.indexOf(step) > steps.indexOf("boot#2"));
  }

  @Test
  void aDeviceThatLosesItsPowerInARevertRunsTheOldVersion() throws Exception {
    Tally tally = new Tally("dfu-revert");
    List<String> steps = stepsOf(DrogueBench.CRASHING);
    assertThat(steps).contains("progress#16", "swap#2");
    // Before and after that it is as with a good one.
    List<String> revert = steps.subList(steps.indexOf("swap#1"), steps.indexOf("start#2"));
    cutAtEach(revert, DrogueBench.CRASHING, tally);
    conclude(tally, revert);
    assertThat(revert).noneMatch(this::isSuccess);
  }

  /** All at the same time, each at a child of its own. */
  private void cutAtEach(List<String> steps, byte[] image, Tally tally) throws Exception {
    for (String step : steps) {
      bench.child(child(step));
    }
    try (Daemon daemon = bench.start()) {
      for (String step : steps) {
        FakeDrogueDevice device = bench.device(child(step), traits()).steps(cutAt(step));
        devices.put(step, device);
        bench.send(child(step), image);
        device.powerOn(bench.ways(child(step)));
        tally.add(Tally.Count.OPERATIONS, 1);
      }
      for (String step : steps) {
        tally.expect(Tally.Count.LOST, () -> awaitEnd(child(step)));
        tally.add(Tally.Count.RUNS, 1);
      }
      awaitRest();
      assertThat(daemon.stop()).isZero();
    }
  }

  private static String child(String step) {
    return step.replace('#', '-');
  }

  private void awaitEnd(String child) {
    await(child)
        .atMost(LONGEST)
        .until(
            () ->
                bench.gateway.said(child, "op").stream()
                    .anyMatch(text -> !text.contains("executing")));
  }

  /** Until each has had its cut, and was told after it that it may keep what it runs. */
  private void awaitRest() {
    devices.forEach(
        (step, device) ->
            await(step).atMost(LONGEST).until(() -> isCut(step, device) && device.isConfirmed()));
    devices.values().forEach(FakeDrogueDevice::close);
  }

  private static boolean isCut(String step, FakeDrogueDevice device) {
    List<String> boots = device.boots();
    int cut = boots.indexOf("PowerCut " + step);
    return cut >= 0 && boots.subList(cut, boots.size()).size() > 1;
  }

  private boolean isSuccess(String step) {
    return bench.gateway.said(child(step), "op").contains(DrogueBench.SUCCESSFUL);
  }

  /** What was told once and for all, and what the device runs for good, must be the same. */
  private void conclude(Tally tally, List<String> steps) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String step : steps) {
      FakeDrogueDevice device = Objects.requireNonNull(devices.get(step));
      List<String> told = bench.gateway.said(child(step), "op");
      byte[] runs = isSuccess(step) ? DrogueBench.GOOD : DrogueBench.OLD;
      tally.add(Tally.Count.POINTS, 1);
      tally.add(Tally.Count.FLASHES, device.count("swap"));
      if (told.size() > 2 || !device.isConfirmed() || !device.holds(runs)) {
        tally.add(Tally.Count.CONTRADICTIONS, 1);
        wrong.add(step + " " + told + " " + device.boots());
      }
    }
    tally.save();
    System.out.println(tally);
    assertThat(wrong).isEmpty();
  }

  @Test
  void aConnectorThatIsKilledTellsWhatTheDeviceRuns() throws Exception {
    Tally tally = new Tally("dfu-kill");
    List<String> moments = new Lives().of("dfu-kill", MOMENTS);
    tally.add(Tally.Count.LEFT_OUT, MOMENTS.size() - moments.size());
    for (String step : moments) {
      bench.child(child(step));
    }
    for (String step : moments) {
      killAt(step, tally);
      tally.add(Tally.Count.OPERATIONS, 1);
      tally.add(Tally.Count.RUNS, 2);
    }
    try (Daemon daemon = bench.start()) {
      awaitEnds(tally);
      devices.values().forEach(device -> await().until(device::isConfirmed));
      assertThat(daemon.stop()).isZero();
    }
    conclude(tally, moments);
    assertThat(moments).allMatch(this::isSuccess);
  }

  private void awaitEnds(Tally tally) throws Exception {
    for (String step : devices.keySet()) {
      tally.expect(Tally.Count.LOST, () -> awaitEnd(child(step)));
    }
  }

  /**
   * The device stands still at its step until the connector is dead. Those before it have come to
   * their end then, because an update that is interrupted thrice has failed.
   */
  private void killAt(String step, Tally tally) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    Traits impatient = traits().timeout(Duration.ofSeconds(1));
    FakeDrogueDevice device =
        bench
            .device(child(step), impatient)
            .steps(each -> hold(each.equals(step), reached, killed));
    try (Daemon daemon = bench.start()) {
      awaitEnds(tally);
      devices.put(step, device);
      device.powerOn(bench.ways(child(step)));
      bench.send(child(step), DrogueBench.GOOD);
      assertThat(reached.await(LONGEST.toSeconds(), TimeUnit.SECONDS)).as(step).isTrue();
      daemon.kill();
    }
    killed.countDown();
  }

  private static void hold(boolean isThere, CountDownLatch reached, CountDownLatch killed) {
    try {
      if (isThere && reached.getCount() > 0) {
        reached.countDown();
        killed.await();
      }
    } catch (InterruptedException e) {
      throw new Steps.PowerCut("switched off");
    }
  }
}
