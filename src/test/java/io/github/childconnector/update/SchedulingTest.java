package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
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
import org.junit.jupiter.api.Test;

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
    List<OperationKey> keys = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      ChildId id = new ChildId("child" + i);
      engine.children.add(Engine.child(id, devices.get(i), bus));
      keys.add(new OperationKey(id, "op"));
    }
    engine.start();
    for (OperationKey key : keys) {
      engine.queue().accept(Engine.update(key, "2.0"));
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

  /** Counts how many are inside at the same time. */
  private static final class Crowd {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void visit() {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      for (int i = 0; i < 50_000; i++) {
        Thread.onSpinWait();
      }
      inside.decrementAndGet();
    }
  }

  @Test
  void oneBusCarriesOneInstallationAtATime() throws InterruptedException {
    Crowd crowd = new Crowd();
    List<OperationKey> keys =
        requestOfEach(devices(20, installation -> crowd.visit()), Optional.of("rs485"));
    keys.forEach(engine::awaitEnd);
    assertThat(crowd.most).hasValue(1);
  }

  @Test
  void neverMoreInstallationsThanConfigured() throws InterruptedException {
    Crowd crowd = new Crowd();
    List<OperationKey> keys =
        requestOfEach(devices(40, installation -> crowd.visit()), Optional.empty());
    keys.forEach(engine::awaitEnd);
    assertThat(crowd.most.get()).isLessThanOrEqualTo(4);
  }

  @Test
  void oneImageIsFetchedByOneAtATime() throws InterruptedException {
    Crowd crowd = new Crowd();
    engine.images.fetch = crowd::visit;
    List<OperationKey> keys = requestOfEach(devices(20, installation -> {}), Optional.empty());
    keys.forEach(engine::awaitEnd);
    assertThat(crowd.most).hasValue(1);
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
