package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Which operation goes on when: in order, in parallel, never too many. */
class SchedulingTest extends EngineCase {
  @Test
  void operationsOfOneChildGoInOrder() throws InterruptedException {
    Semaphore allowed = holdInstalls();
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
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(), Optional.empty()));
    engine.images.fetch =
        () -> {
          if (begun.getCount() > 0) {
            begun.countDown();
            slow.await();
          }
        };
    engine.start();
    engine.request("first", "2.0");
    begun.await();
    engine.request("second", "3.0");
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.queue().accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    assertThat(engine.images.fetches).hasValue(2);
    slow.countDown();
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
      engine.queue().accept(Engine.update(keys.get(i), version.apply(i)));
    }
    return keys;
  }

  private static List<ScriptedAdapter> devices(int count, ScriptedAdapter.Install install) {
    List<ScriptedAdapter> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ScriptedAdapter device = new ScriptedAdapter();
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
    CyclicBarrier together = new CyclicBarrier(4);
    List<OperationKey> keys =
        requestOfEach(devices(4, installation -> meet(together)), Optional.empty());
    keys.forEach(engine::awaitEnd);
    assertThat(keys).allMatch(key -> engine.statuses.words(key).contains("successful"));
  }

  private static void meet(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps whoever comes in until the door is opened or a second one comes in, and counts them. */
  private static final class Crowd {
    private final CountDownLatch open = new CountDownLatch(1);
    private int inside;
    private int most;

    void visit() throws InterruptedException {
      enter();
      open.await();
      leave();
    }

    private synchronized void enter() {
      inside++;
      most = Math.max(most, inside);
      if (inside > 1) {
        open.countDown();
      }
    }

    private synchronized void leave() {
      inside--;
    }

    void open() {
      open.countDown();
    }

    synchronized int most() {
      return most;
    }
  }

  /** Lets this many downloads and installations go on at the same time, in the order they came. */
  private void narrow(int downloads, int installs) {
    engine.settings =
        new UpdateSettings(
            downloads,
            installs,
            engine.settings.heartbeat(),
            engine.settings.busyRetry(),
            engine.settings.busyTimeout(),
            engine.settings.confirmInterval(),
            engine.settings.shutdownGrace(),
            engine.settings.history());
  }

  /** Waits until this many operations have come to a stage, or beyond. */
  private void awaitCome(List<OperationKey> keys, Stage stage, int count) {
    await()
        .until(
            () -> {
              int there = 0;
              for (OperationKey key : keys) {
                there +=
                    engine.journal().find(key).orElseThrow().stage().compareTo(stage) < 0 ? 0 : 1;
              }
              return there >= count;
            });
  }

  /**
   * A bystander passes through the threads that are left while one device is written, behind all
   * the others of its bus: those that did not wait for the bus must have begun before it ends.
   */
  @Test
  void oneBusCarriesOneInstallationAtATime() throws InterruptedException {
    narrow(1, 2);
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(), Optional.empty()));
    CountDownLatch mayFetch = new CountDownLatch(1);
    engine.images.fetch = mayFetch::await;
    Crowd bus = new Crowd();
    List<OperationKey> keys =
        requestOfEach(devices(3, installation -> bus.visit()), Optional.of("rs485"), i -> "2." + i);
    awaitCome(keys, Stage.FETCHING, 3);
    mayFetch.countDown();
    awaitCome(keys, Stage.INSTALLING, 1);
    awaitCome(keys, Stage.READY, 3);
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.queue().accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    bus.open();
    keys.forEach(engine::awaitEnd);
    assertThat(bus.most()).isOne();
  }

  @Test
  void neverMoreInstallationsThanConfigured() throws InterruptedException {
    Set<Thread> before = installThreads();
    CountDownLatch open = new CountDownLatch(1);
    List<ScriptedAdapter> devices = devices(20, installation -> {});
    AtomicInteger asked = new AtomicInteger();
    for (ScriptedAdapter device : devices) {
      device.read =
          () -> {
            asked.incrementAndGet();
            open.await();
            return device.version;
          };
    }
    List<OperationKey> keys = requestOfEach(devices, Optional.empty());
    await().until(() -> asked.get() >= 4);
    // Whatever was accepted has got a thread of its own, as long as there may be more of them.
    Set<Thread> now = installThreads();
    now.removeAll(before);
    assertThat(now).hasSize(4);
    open.countDown();
    keys.forEach(engine::awaitEnd);
  }

  private static Set<Thread> installThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("install-"))
        .collect(Collectors.toSet());
  }

  @Test
  void oneImageIsFetchedByOneAtATime() throws InterruptedException {
    narrow(2, 1);
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(), Optional.empty()));
    Sha256 shared = Engine.update(key("any"), "2.0").digest();
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
    engine.queue().accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    crowd.open();
    keys.forEach(engine::awaitEnd);
    assertThat(crowd.most()).isOne();
  }

  @Test
  void onlyTheImagesOfWhatIsUnderWayAreNeeded() throws InterruptedException {
    Semaphore allowed = holdInstalls();
    engine.start();
    engine.request("first", "2.0");
    engine.request("second", "3.0");
    Sha256 second = Engine.update(key("second"), "3.0").digest();
    allowed.release();
    await().untilAsserted(() -> assertThat(engine.images.needed).contains(Set.of(second)));
    allowed.release();
    await().untilAsserted(() -> assertThat(engine.images.needed).contains(Set.of()));
  }

  /** What keeps an operation in a stage until a latch is open. */
  private void hold(Stage stage, CountDownLatch open) {
    switch (stage) {
      case CHECKING -> engine.device.read = () -> waitFor(open);
      case FETCHING -> engine.images.fetch = open::await;
      case READY -> engine.images.finding = () -> waitQuietly(open);
      case INSTALLING ->
          engine.device.install =
              installation -> {
                open.await();
                engine.device.takeIt(installation);
              };
      case CONFIRMING ->
          engine.device.read = () -> engine.device.installs.get() == 0 ? "1.0" : waitFor(open);
      case ROLLING_BACK -> {
        engine.device.canRestore = true;
        engine.device.install =
            installation -> {
              throw ScriptedAdapter.unreadable();
            };
        engine.device.restore = open::await;
      }
      default -> throw new IllegalArgumentException(stage.word());
    }
  }

  private String waitFor(CountDownLatch open) throws InterruptedException {
    open.await();
    return engine.device.version;
  }

  private static void waitQuietly(CountDownLatch open) {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"QUEUED", "SUCCESSFUL", "FAILED"})
  void anImageIsNeededInEveryStageOfItsOperation(Stage stage) throws InterruptedException {
    ScriptedAdapter other = new ScriptedAdapter();
    other.version = "4.0";
    engine.children.add(Engine.child(PUMP, other, Optional.empty()));
    CountDownLatch open = new CountDownLatch(1);
    hold(stage, open);
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", stage);
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.queue().accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    Sha256 digest = Engine.update(key("op"), "2.0").digest();
    await().untilAsserted(() -> assertThat(engine.images.needed).contains(Set.of(digest)));
    open.countDown();
    engine.awaitEnd(key("op"));
  }

  @Test
  void aBusyDeviceDoesNotKeepItsBus() throws InterruptedException {
    ScriptedAdapter busy = new ScriptedAdapter();
    busy.install =
        installation -> {
          throw new DeviceBusyException("in production");
        };
    List<OperationKey> keys =
        requestOfEach(List.of(busy, new ScriptedAdapter()), Optional.of("rs485"));
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
    engine.clock.awaitSleepers(1);
    engine.clock.advance(Duration.ofSeconds(1));
    engine.awaitEnd(key("next"));
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
    engine.whileWaiting = () -> engine.clock.advance(engine.settings.busyRetry());
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.images.fetches).hasValue(2);
  }
}
