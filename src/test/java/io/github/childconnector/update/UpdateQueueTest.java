package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.HEARTBEAT;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is accepted, answered, announced and remembered. */
class UpdateQueueTest extends EngineCase {
  /** For the reporter's thread, which a stop must be able to leave. */
  private static void spinUntilOpen(CountDownLatch latch) {
    while (latch.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
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
  void itIsAliveWhileManyReportsGoOutSlowly() throws InterruptedException {
    Semaphore sent = new Semaphore(0);
    engine.statuses.before = sent::acquireUninterruptibly;
    engine.start();
    for (int i = 0; i < 5; i++) {
      engine.request("op" + i, "2.0");
    }
    engine.queue().isAlive();
    sent.release();
    await().until(() -> engine.queue().isAlive());
    assertThat(engine.queue().isAlive()).isFalse();
    sent.release(100);
  }

  @Test
  void announcementsThatWaitAreNotHeapedUp() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    Semaphore allowed = holdInstalls();
    engine.statuses.before = () -> spinUntilOpen(slow);
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 50; i++) {
      engine.queue().announce();
    }
    slow.countDown();
    await().until(() -> engine.statuses.of(key("op")).size() == 2);
    allowed.release();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.of(key("op"))).hasSize(3);
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
    await().until(() -> engine.statuses.tries() == 2);
    engine.statuses.cut(false);
    engine.queue().announce();
    engine.whileWaiting = () -> engine.clock.advance(Reporter.SETTLING);
    engine.awaitEnd(key("op"));
    assertThat(statuses("op")).containsExactly(OperationStatus.SUCCESSFUL);
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
            engine.settings.shutdownGrace(),
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
    awaitStage("op49", Stage.SUCCESSFUL);
    // Those that had already ended when they were asked for again are owed a second answer.
    engine.whileWaiting = () -> engine.clock.advance(Reporter.SETTLING);
    for (int i = 0; i < 50; i++) {
      OperationKey key = key("op" + i);
      engine.awaitEnd(key);
      List<RecordingSink.Report> reports = engine.statuses.of(key);
      assertThat(reports.get(reports.size() - 1).status()).isEqualTo(OperationStatus.SUCCESSFUL);
      assertThat(engine.statuses.ends(key))
          .extracting(RecordingSink.Report::status)
          .containsOnly(OperationStatus.SUCCESSFUL);
    }
  }

  @Test
  void aKnownRequestWhoseRecordCannotBeReadIsHeldAndTheOthersAreServed(@TempDir Path directory)
      throws Exception {
    engine = new Engine(directory, FakeClock.standing());
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    engine.close();
    putADirectoryInPlaceOf("op", directory);
    engine.start();

    engine.request("op", "2.0");
    engine.request("other", "3.0");

    engine.awaitEnd(key("other"));
    assertThat(engine.device.order).containsExactly("op", "other");
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
  }

  private void putADirectoryInPlaceOf(String id, Path directory) throws IOException {
    for (Path file : engine.disk.list(directory.resolve("operations"))) {
      if (file.getFileName().toString().startsWith(id + ".")) {
        Files.delete(file);
        Files.createDirectory(file);
      }
    }
  }

  @Test
  void anEndWhoseAnswerWasLostIsNotToldAgainAtOnce() throws InterruptedException {
    engine.start();
    engine.statuses.loseAnswers(true);
    engine.request("op", "2.0");
    await().until(() -> engine.statuses.ends(key("op")).size() == 1);
    engine.statuses.loseAnswers(false);
    engine.queue().announce();
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
    engine.clock.advance(Reporter.SETTLING);
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(2);
  }

  @Test
  void anAdapterThatIgnoresTheInterruptHoldsUpNobodyElse() throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    ScriptedAdapter pump = new ScriptedAdapter();
    engine.children.add(Engine.child(PUMP, pump, Optional.empty()));
    engine.device.install =
        installation -> {
          while (released.getCount() > 0) {
            Thread.onSpinWait();
          }
          engine.device.takeIt(installation);
        };
    engine.start();
    engine.request("op", "2.0");
    await().until(() -> engine.device.installs.get() == 1);
    engine.clock.advance(Engine.INSTALL_TIMEOUT);
    OperationKey other = new OperationKey(PUMP, "other");
    engine.queue().accept(Engine.update(other, "2.0"));
    engine.awaitEnd(other);
    assertThat(statuses("op")).hasSizeGreaterThan(1).containsOnly(OperationStatus.EXECUTING);
    released.countDown();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void whatWasToldWhileTheDiskWasFullIsNotedWhenItHasRoom() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    engine.statuses.before = () -> spinUntilOpen(slow);
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.SUCCESSFUL);
    await().until(() -> engine.queue().size() == 0);
    engine.disk.breakAfter(0);
    slow.countDown();
    engine.queue().announce();
    await().until(() -> engine.statuses.ends(key("op")).size() == 1);
    await().until(() -> engine.queue().isAlive());
    engine.disk.repair();
    engine.queue().announce();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
  }
}
