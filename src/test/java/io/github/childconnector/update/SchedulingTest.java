package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler.Permits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The turns of operations: in order, in parallel, never too many. */
class SchedulingTest extends EngineCase {
  SchedulingTest(long seed) {
    super(seed);
  }

  @Test
  void operationsOfOneChildGoInOrder() throws InterruptedException {
    Permits allowed = holdInstalls();
    engine.start();
    for (int i = 1; i <= 5; i++) {
      engine.request("op" + i, "2." + i);
    }
    allowed.release(5);
    engine.awaitEnd(key("op5"));
    assertThat(engine.device.order).containsExactly("op1", "op2", "op3", "op4", "op5");
    assertThat(engine.device.version).isEqualTo("2.5");
  }

  @Test
  void aLaterOperationDoesNotOvertakeOneThatStillFetches() throws InterruptedException {
    Permits slow = scheduler.permits();
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(scheduler), Optional.empty()));
    engine.images.fetch =
        () -> {
          if (engine.images.fetches.get() == 1) {
            slow.acquire();
          }
        };
    engine.start();
    engine.request("first", "2.0");
    engine.await(() -> engine.images.fetches.get() == 1);
    engine.request("second", "3.0");
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    assertThat(engine.images.fetches).hasValue(2);
    slow.open();
    engine.awaitEnd(key("second"));
    assertThat(engine.device.order).containsExactly("first", "second");
  }

  private List<OperationKey> requestOfEach(List<ScriptedAdapter> devices, Optional<String> bus)
      throws InterruptedException {
    return requestOfEach(devices, bus, i -> "2.0");
  }

  private List<OperationKey> requestOfEach(
      List<ScriptedAdapter> devices, Optional<String> bus, IntFunction<String> version)
      throws InterruptedException {
    List<OperationKey> keys = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      ChildId id = new ChildId("child" + i);
      engine.children.add(Engine.child(id, devices.get(i), bus));
      keys.add(new OperationKey(id, "op"));
    }
    engine.start();
    for (int i = 0; i < devices.size(); i++) {
      engine.accept(Engine.update(keys.get(i), version.apply(i)));
    }
    return keys;
  }

  private List<ScriptedAdapter> devices(int count, ScriptedAdapter.Install install) {
    List<ScriptedAdapter> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ScriptedAdapter device = new ScriptedAdapter(scheduler);
      device.install =
          installation -> {
            install.run(installation);
            device.takeIt(installation);
          };
      devices.add(device);
    }
    return devices;
  }

  @Test
  void childrenAreUpdatedInParallel() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    List<OperationKey> keys =
        requestOfEach(
            devices(
                4,
                installation -> {
                  inside.incrementAndGet();
                  scheduler.await(() -> inside.get() == 4);
                }),
            Optional.empty());
    keys.forEach(engine::awaitEnd);
    assertThat(keys).allMatch(key -> engine.statuses.words(key).contains("successful"));
  }

  /** Keeps whoever comes in until the door is opened or a second one comes in, and counts them. */
  private final class Crowd {
    private final Permits open = scheduler.permits();
    private int inside;
    private int most;

    void visit() throws InterruptedException {
      inside++;
      most = Math.max(most, inside);
      if (inside > 1) {
        open.open();
      }
      open.acquire();
      inside--;
    }
  }

  /** Waits until this number of operations has come to a stage, or beyond. */
  private void awaitCome(List<OperationKey> keys, Stage stage, int count) {
    engine.await(() -> keys.stream().filter(key -> hasCome(key, stage)).count() >= count);
  }

  private boolean hasCome(OperationKey key, Stage stage) {
    return engine.find(key).orElseThrow().stage().compareTo(stage) >= 0;
  }

  /**
   * A bystander passes through the threads that are left while one device is written, behind all
   * the others of its bus: those that did not wait for the bus must have begun before it ends.
   */
  @Test
  void oneBusCarriesOneInstallationAtATime() throws InterruptedException {
    narrow(1, 2);
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(scheduler), Optional.empty()));
    Permits mayFetch = scheduler.permits();
    engine.images.fetch = mayFetch::acquire;
    Crowd bus = new Crowd();
    List<OperationKey> keys =
        requestOfEach(devices(3, installation -> bus.visit()), Optional.of("rs485"), i -> "2." + i);
    awaitCome(keys, Stage.FETCHING, 3);
    mayFetch.open();
    awaitCome(keys, Stage.INSTALLING, 1);
    awaitCome(keys, Stage.READY, 3);
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    bus.open.open();
    keys.forEach(engine::awaitEnd);
    assertThat(bus.most).isOne();
  }

  @Test
  void neverMoreInstallationsThanConfigured() throws InterruptedException {
    Permits open = scheduler.permits();
    List<ScriptedAdapter> devices = devices(20, installation -> {});
    AtomicInteger asked = new AtomicInteger();
    for (ScriptedAdapter device : devices) {
      device.read =
          () -> {
            asked.incrementAndGet();
            return waitFor(open, device);
          };
    }
    List<OperationKey> keys = requestOfEach(devices, Optional.empty());
    engine.await(() -> asked.get() == 4);
    scheduler.advance(MOMENT);
    assertThat(asked).hasValue(4);
    open.open();
    keys.forEach(engine::awaitEnd);
  }

  @Test
  void oneImageIsFetchedByOneAtATime() throws InterruptedException {
    narrow(2, 1);
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(scheduler), Optional.empty()));
    Sha256 shared = Engine.update(key("any"), "2.0").knownDigest();
    Crowd crowd = new Crowd();
    engine.images.fetching =
        digest -> {
          if (digest.equals(shared)) {
            crowd.visit();
          }
        };
    List<OperationKey> keys = requestOfEach(devices(3, installation -> {}), Optional.empty());
    awaitCome(keys, Stage.FETCHING, 3);
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    crowd.open.open();
    keys.forEach(engine::awaitEnd);
    assertThat(crowd.most).isOne();
  }

  @Test
  void onlyTheImagesOfWhatIsUnderWayAreNeeded() throws InterruptedException {
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("first", "2.0");
    engine.request("second", "3.0");
    Sha256 second = Engine.update(key("second"), "3.0").knownDigest();
    allowed.release(1);
    engine.await(() -> engine.images.needed.equals(Optional.of(Set.of(second))));
    allowed.release(1);
    engine.await(() -> engine.images.needed.equals(Optional.of(Set.of())));
  }

  /** Keeps an operation in a stage until this is open. */
  private void hold(Stage stage, Permits open) {
    switch (stage) {
      case CHECKING -> engine.device.read = () -> waitFor(open, engine.device);
      case FETCHING -> engine.images.fetch = open::acquire;
      case READY -> engine.images.finding = () -> scheduler.await(open::areLeft);
      case INSTALLING ->
          engine.device.install =
              installation -> {
                open.acquire();
                engine.device.takeIt(installation);
              };
      case CONFIRMING ->
          engine.device.read =
              () -> engine.device.installs.get() == 0 ? "1.0" : waitFor(open, engine.device);
      case ROLLING_BACK -> {
        engine.device.canRestore = true;
        engine.device.install =
            installation -> {
              throw ScriptedAdapter.unreadable();
            };
        engine.device.restore = open::acquire;
      }
      default -> throw new IllegalArgumentException(stage.word());
    }
  }

  private static String waitFor(Permits open, ScriptedAdapter device) throws InterruptedException {
    open.acquire();
    return device.version;
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"QUEUED", "SUCCESSFUL", "FAILED"})
  void anImageIsNeededInEveryStageOfItsOperation(Stage stage) throws InterruptedException {
    ScriptedAdapter other = new ScriptedAdapter(scheduler);
    other.version = "4.0";
    engine.children.add(Engine.child(PUMP, other, Optional.empty()));
    Permits open = scheduler.permits();
    hold(stage, open);
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", stage);
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    Sha256 digest = Engine.update(key("op"), "2.0").knownDigest();
    engine.await(() -> engine.images.needed.equals(Optional.of(Set.of(digest))));
    open.open();
    engine.awaitEnd(key("op"));
  }

  @Test
  void aBusyDeviceDoesNotKeepItsBus() throws InterruptedException {
    ScriptedAdapter busy = new ScriptedAdapter(scheduler);
    busy.install =
        installation -> {
          throw new DeviceBusyException("in production");
        };
    List<OperationKey> keys =
        requestOfEach(List.of(busy, new ScriptedAdapter(scheduler)), Optional.of("rs485"));
    engine.awaitEnd(keys.get(1));
    assertThat(engine.statuses.words(keys.get(0))).containsExactly("executing");
  }

  @Test
  void anInterruptThatNobodySentIsAFaultAndHoldsNothingUp() throws InterruptedException {
    engine.device.install =
        installation -> {
          if (engine.device.installs.get() == 1) {
            throw new InterruptedException("from within the adapter");
          }
          engine.device.takeIt(installation);
        };
    engine.start();
    engine.request("op", "2.0");
    engine.request("next", "2.0");
    engine.awaitEnd(key("next"));
    assertThat(engine.statuses.words(key("op"))).contains("failed internal-error");
    assertThat(engine.statuses.words(key("next"))).contains("successful");
  }

  @Test
  void anInterruptThatAnAdapterLeavesBehindDoesNotReachTheNextStage() throws InterruptedException {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          Thread.currentThread().interrupt();
        };
    engine.device.read =
        () -> {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          return engine.device.version;
        };
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).contains("successful");
  }

  @Test
  void anInterruptLeftBehindWhileTheJournalCannotBeWrittenHoldsNothingUp() throws Exception {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          engine.disk.fail(0, 1, "No space left on device");
          Thread.currentThread().interrupt();
        };
    engine.start();
    engine.request("op", "2.0");
    engine.request("next", "2.0");
    engine.awaitEnd(key("next"));
    assertThat(engine.disk.failed()).startsWith("create op.");
    assertThat(engine.statuses.words(key("op"))).contains("successful");
  }

  @Test
  void aFaultWhileTheJournalIsWrittenHoldsNothingUpForEver() throws Exception {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          engine.disk.breakDown(0, 1, "for the test");
        };
    engine.start();
    engine.request("op", "2.0");
    engine.request("next", "2.0");
    engine.awaitLateEnd(key("next"));
    assertThat(engine.disk.failed()).startsWith("create op.");
    assertThat(engine.statuses.words(key("op"))).contains("successful");
  }

  @Test
  void anImageThatWasSpoiltWhileItsDeviceWasBusyIsFetchedAgain() throws Exception {
    engine.device.install =
        installation -> {
          if (engine.device.installs.get() == 1) {
            engine.images.stored = false;
            throw new DeviceBusyException("in production");
          }
          engine.device.takeIt(installation);
        };
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.images.fetches).hasValue(2);
  }
}
