package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.HEARTBEAT;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateQueueTest {
  private static final Failure BAD = new Failure(FailureCode.REQUEST_INVALID, "No url.");

  private static final ChildId PUMP = new ChildId("pump");

  @TempDir Path directory;
  private Engine engine;

  @BeforeEach
  void open() {
    engine = new Engine(directory, FakeClock.standing());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private List<OperationStatus> statuses(String id) {
    return engine.statuses.of(key(id)).stream().map(RecordingSink.Report::status).toList();
  }

  private void awaitStatuses(String id, OperationStatus... expected) {
    await().untilAsserted(() -> assertThat(statuses(id)).containsExactly(expected));
  }

  /** For the reporter's thread, which a stop must be able to leave. */
  private static void spinUntilOpen(CountDownLatch latch) {
    while (latch.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private Semaphore holdInstalls() {
    Semaphore allowed = new Semaphore(0);
    engine.device.install =
        installation -> {
          allowed.acquire();
          engine.device.takeIt(installation);
        };
    return allowed;
  }

  @Test
  void theReceiptIsAnnouncedHoweverSoonTheEndComes() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    engine.statuses.before = () -> spinUntilOpen(slow);
    engine.start();
    engine.request("first", "1.0");
    engine.request("op", "1.0");
    await().until(() -> engine.queue().size() == 0);
    slow.countDown();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.SUCCESSFUL);
  }

  @Test
  void itIsNotAliveWhileOneReportHoldsUpTheOthers() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    engine.statuses.before = () -> spinUntilOpen(slow);
    engine.start();
    engine.request("op", "2.0");
    engine.queue().isAlive();
    assertThat(engine.queue().isAlive()).isFalse();
    slow.countDown();
    await().until(() -> engine.queue().isAlive());
  }

  @Test
  void anAnnouncementWhoseTurnComesAfterTheEndIsLeftOut() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    Semaphore allowed = holdInstalls();
    engine.statuses.before = () -> spinUntilOpen(slow);
    engine.start();
    engine.request("op", "2.0");
    engine.request("op", "2.0");
    allowed.release();
    await().until(() -> engine.queue().size() == 0);
    slow.countDown();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.SUCCESSFUL);
  }

  @Test
  void aRequestSentAgainWhileUnderWayIsAnnouncedAgain() throws InterruptedException {
    Semaphore allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    engine.request("op", "2.0");
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
    allowed.release(2);
    engine.awaitEnd(key("op"));
    assertThat(engine.device.installs).hasValue(1);
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
  }

  @Test
  void aRequestSentAgainAfterItsEndIsAnsweredAgainButNotAtOnce() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    engine.device.version = "1.0";
    engine.request("op", "2.0");
    engine.request("op", "2.0");
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);

    engine.clock.advance(Reporter.SETTLING);

    await().untilAsserted(() -> assertThat(engine.statuses.ends(key("op"))).hasSize(2));
    assertThat(engine.statuses.ends(key("op")))
        .allMatch(report -> report.status() == OperationStatus.SUCCESSFUL);
    assertThat(engine.device.order).containsExactly("op", "other");
  }

  @Test
  void aRequestSentAgainToTheNextProcessIsAnsweredAgain() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    engine.close();
    engine.device.version = "1.0";

    engine.start();
    engine.request("op", "2.0");

    await().untilAsserted(() -> assertThat(engine.statuses.ends(key("op"))).hasSize(2));
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void aRefusedRequestFailsOnceAndForAll() throws InterruptedException {
    engine.start();
    engine.queue().refuse(key("op"), BAD);
    assertThat(engine.awaitEnd(key("op")).failure()).contains(BAD);
    engine.request("op", "2.0");
    engine.clock.advance(Reporter.SETTLING);
    await().untilAsserted(() -> assertThat(engine.statuses.ends(key("op"))).hasSize(2));
    assertThat(engine.statuses.words(key("op")))
        .containsExactly("failed request-invalid", "failed request-invalid");
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aMalformedRepetitionDoesNotEndWhatIsUnderWay() throws InterruptedException {
    Semaphore allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    engine.queue().refuse(key("op"), BAD);
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
    allowed.release();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
  }

  @Test
  void aChildThatIsNotConfiguredIsAnswered() throws InterruptedException {
    OperationKey key = new OperationKey(new ChildId("stranger"), "op");
    engine.start();
    engine.queue().accept(Engine.update(key, "2.0"));
    engine.awaitEnd(key);
    assertThat(engine.statuses.words(key)).containsExactly("failed child-unknown");
  }

  @Test
  void anOperationOfAChildThatIsNoLongerConfiguredFails() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING);
    engine.children.clear();
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("failed child-unknown");
  }

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
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(), Optional.empty()));
    engine.images.fetch =
        () -> {
          if (engine.images.fetches.get() == 1) {
            slow.await();
          }
        };
    engine.start();
    engine.request("first", "2.0");
    await().until(() -> engine.images.fetches.get() == 1);
    engine.request("second", "3.0");
    OperationKey bystander = new OperationKey(PUMP, "op");
    engine.queue().accept(Engine.update(bystander, "4.0"));
    engine.awaitEnd(bystander);
    assertThat(engine.images.fetches).hasValue(2);
    slow.countDown();
    engine.awaitEnd(key("second"));
    assertThat(engine.device.order).containsExactly("first", "second");
  }

  @Test
  void theOrderSurvivesARestart() throws InterruptedException {
    engine.device.install = installation -> engine.device.hang();
    engine.device.repeatable = true;
    engine.start();
    for (int i = 1; i <= 5; i++) {
      engine.request("z" + (9 - i), "2." + i);
    }
    engine.device.hanging.await();
    engine.close();
    engine.device.install = engine.device::takeIt;
    engine.device.order.clear();
    engine.start();
    engine.awaitEnd(key("z4"));
    assertThat(engine.device.order).containsExactly("takeover", "z8", "z7", "z6", "z5", "z4");
  }

  @Test
  void theOrderSurvivesMoreThanOneRestart() throws InterruptedException {
    engine.device.install = installation -> engine.device.hang();
    engine.device.repeatable = true;
    engine.start();
    engine.request("z", "2.0");
    engine.close();
    engine.start();
    engine.request("a", "3.0");
    engine.close();
    engine.device.install = engine.device::takeIt;
    engine.device.order.clear();
    engine.start();
    engine.awaitEnd(key("a"));
    assertThat(engine.device.order).containsExactly("z", "a");
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
      barrier.await(10, TimeUnit.SECONDS);
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
  void whateverIsUnderWayIsAnnouncedAgainAndAgain() throws InterruptedException {
    Semaphore allowed = holdInstalls();
    engine.start();
    engine.request("running", "2.0");
    engine.request("waiting", "2.1");
    for (int beat = 2; beat <= 4; beat++) {
      int count = beat;
      engine.clock.advance(HEARTBEAT);
      await().untilAsserted(() -> assertThat(statuses("running")).hasSize(count));
      await().untilAsserted(() -> assertThat(statuses("waiting")).hasSize(count));
    }
    allowed.release(2);
    engine.awaitEnd(key("waiting"));
    engine.clock.advance(HEARTBEAT);
    engine.request("last", "2.1");
    engine.awaitEnd(key("last"));
    assertThat(engine.statuses.words(key("running"))).containsExactly("executing", "successful");
  }

  @Test
  void anEndThatCouldNotBeReportedIsReportedLater() throws Exception {
    engine.start();
    engine.statuses.cut(true);
    engine.request("op", "2.0");
    awaitStage("op", Stage.SUCCESSFUL);
    engine.statuses.cut(false);
    engine.queue().announce();
    engine.awaitEnd(key("op"));
    assertThat(statuses("op")).containsExactly(OperationStatus.SUCCESSFUL);
  }

  private void awaitStage(String id, Stage stage) {
    await()
        .until(
            () ->
                engine.journal().find(key(id)).map(JournalEntry::stage).equals(Optional.of(stage)));
  }

  @Test
  void anEndThatCouldNotBeReportedIsReportedByTheNextProcess() throws Exception {
    engine.start();
    engine.statuses.cut(true);
    engine.request("op", "2.0");
    awaitStage("op", Stage.SUCCESSFUL);
    engine.close();
    engine.statuses.cut(false);
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(statuses("op")).containsExactly(OperationStatus.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void whatAKilledConnectorLeftAtWorkIsEndedFirst() throws Exception {
    engine.device.repeatable = true;
    engine.images.stored = true;
    engine.leave("op", "2.0", Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING);
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.device.order).containsExactly("takeover", "op");
  }

  @Test
  void aRepeatableInstallationIsNotRepeatedForEver() throws Exception {
    engine.device.repeatable = true;
    engine.device.install = installation -> engine.device.hang();
    engine.start();
    engine.request("op", "2.0");
    for (int installs = 1; installs <= 4; installs++) {
      int expected = installs;
      await().until(() -> engine.device.installs.get() == expected);
      engine.close();
      engine.start();
    }
    await().until(() -> engine.journal().find(key("op")).orElseThrow().stage() == Stage.CONFIRMING);
    assertThat(engine.device.installs).hasValue(4);
  }

  @Test
  void nothingIsEndedWhereNothingWasBegun() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING, Stage.FETCHING);
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.device.order).containsExactly("op");
  }

  @Test
  void stoppingConcludesNothing() throws Exception {
    engine.device.install = installation -> engine.device.hang();
    engine.start();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    engine.close();
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.INSTALLING);
    assertThat(statuses("op")).containsOnly(OperationStatus.EXECUTING);
  }

  @Test
  void stoppingDoesNotLoseWhatAnAdapterHasJustDone() throws Exception {
    engine.device.canRead = false;
    CountDownLatch never = new CountDownLatch(1);
    engine.device.install =
        installation -> {
          engine.device.hanging.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            // The device had already taken it.
            Thread.currentThread().interrupt();
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    engine.close();
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void nothingIsDoneOrSaidBeforeItIsInTheJournal() throws Exception {
    engine.device.install =
        installation -> {
          engine.disk.breakAfter(0);
          engine.device.takeIt(installation);
        };
    engine.start();
    engine.request("op", "2.0");
    engine.clock.awaitSleepers(1);
    engine.queue().announce();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
    assertThat(engine.device.reads).hasValue(1);

    engine.disk.repair();
    engine.clock.advance(Duration.ofMinutes(1));

    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
  }

  @Test
  void aFailureFoundWhileStoppingConcludesNothing() throws Exception {
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          try {
            engine.device.hang();
          } catch (InterruptedException e) {
            throw new UpdateException(FailureCode.INSTALL_FAILED, "The flasher was ended.");
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    engine.close();
    assertThat(engine.device.rollbacks).hasValue(0);
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.INSTALLING);
  }

  @Test
  void aStopThatComesWhileATimedOutInstallationEndsBeginsNothingMore() throws Exception {
    CountDownLatch ending = new CountDownLatch(1);
    engine.device.canRead = false;
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          try {
            engine.device.hang();
          } catch (InterruptedException e) {
            ending.countDown();
            engine.device.hang();
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    engine.clock.advance(Engine.INSTALL_TIMEOUT);
    ending.await();
    engine.close();
    assertThat(engine.device.rollbacks).hasValue(0);
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.INSTALLING);
  }

  @Test
  void noStageBeginsOnceTheConnectorStops() throws Exception {
    engine.device.install =
        installation -> {
          try {
            engine.device.hang();
          } catch (InterruptedException e) {
            engine.device.takeIt(installation);
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    engine.close();
    assertThat(engine.device.reads).hasValue(1);
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);
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

  private void remember(int ends) {
    engine.settings =
        new UpdateSettings(
            1,
            1,
            HEARTBEAT,
            engine.settings.busyRetry(),
            engine.settings.busyTimeout(),
            engine.settings.confirmInterval(),
            ends);
  }

  @Test
  void onlyTheConfiguredNumberOfRefusalsIsRemembered() throws Exception {
    remember(3);
    engine.start();
    for (int i = 1; i <= 10; i++) {
      engine.queue().refuse(key("op" + i), BAD);
      engine.awaitEnd(key("op" + i));
    }
    assertThat(engine.journal().read().entries().size()).isLessThanOrEqualTo(4);
    assertThat(engine.journal().find(key("op10"))).isPresent();
  }

  @Test
  void onlyTheConfiguredNumberOfEndsIsRemembered() throws Exception {
    remember(3);
    engine.start();
    for (int i = 1; i <= 10; i++) {
      engine.request("op" + i, "2." + i);
      engine.awaitEnd(key("op" + i));
    }
    await()
        .untilAsserted(
            () -> assertThat(engine.journal().read().entries().size()).isLessThanOrEqualTo(4));
    assertThat(engine.journal().find(key("op10"))).isPresent();
  }

  @Test
  void aSecondEndNeverContradictsTheFirst() throws Exception {
    engine.start();
    for (int i = 0; i < 50; i++) {
      engine.request("op" + i, "2." + i);
      engine.request("op" + (i / 2), "2." + i);
      engine.queue().announce();
    }
    engine.awaitEnd(key("op49"));
    for (int i = 0; i < 50; i++) {
      OperationKey key = key("op" + i);
      engine.awaitEnd(key);
      List<RecordingSink.Report> reports = engine.statuses.of(key);
      assertThat(reports.get(reports.size() - 1).status()).isEqualTo(OperationStatus.SUCCESSFUL);
      assertThat(engine.statuses.ends(key)).hasSize(1);
    }
  }
}
