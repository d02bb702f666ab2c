package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.HEARTBEAT;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.journal.Archive;
import io.github.childconnector.journal.Journal.Contents;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler.Permits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is accepted, answered, announced and remembered. */
class UpdateQueueTest extends EngineCase {
  UpdateQueueTest(long seed) {
    super(seed);
  }

  @Test
  void theReceiptIsAnnouncedHoweverSoonTheEndComes() throws InterruptedException {
    Permits slow = holdReports();
    engine.start();
    engine.request("first", "1.0");
    engine.request("op", "1.0");
    engine.await(() -> engine.queue().size() == 0);
    slow.open();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.SUCCESSFUL);
  }

  @Test
  void itIsNotAliveWhileOneReportHoldsUpTheOthers() throws InterruptedException {
    Permits slow = holdReports();
    engine.start();
    engine.request("op", "2.0");
    engine.queue().isAlive();
    assertThat(engine.queue().isAlive()).isFalse();
    slow.open();
    scheduler.advance(MOMENT);
    assertThat(engine.queue().isAlive()).isTrue();
  }

  @Test
  void itIsAliveWhileManyReportsGoOutSlowly() throws InterruptedException {
    Permits sent = holdReports();
    engine.start();
    for (int i = 0; i < 5; i++) {
      engine.request("op" + i, "2.0");
    }
    engine.queue().isAlive();
    sent.release(1);
    scheduler.advance(MOMENT);
    assertThat(engine.queue().isAlive()).isTrue();
    assertThat(engine.queue().isAlive()).isFalse();
    sent.open();
  }

  @Test
  void announcementsThatWaitAreNotHeapedUp() throws InterruptedException {
    Permits slow = holdReports();
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 50; i++) {
      engine.queue().announce();
    }
    slow.open();
    engine.await(() -> engine.statuses.of(key("op")).size() == 2);
    allowed.release(1);
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.of(key("op"))).hasSize(3);
  }

  @Test
  void anAnnouncementWhoseTurnComesAfterTheEndIsLeftOut() throws InterruptedException {
    Permits slow = holdReports();
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    engine.request("op", "2.0");
    allowed.release(1);
    engine.await(() -> engine.queue().size() == 0);
    slow.open();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.SUCCESSFUL);
  }

  @Test
  void aRequestSentAgainWhileUnderWayIsAnnouncedAgain() throws InterruptedException {
    Permits allowed = holdInstalls();
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

    scheduler.advance(Reporter.SETTLING);

    awaitEnds("op", 2);
    assertThat(engine.statuses.ends(key("op")))
        .allMatch(report -> report.status() == OperationStatus.SUCCESSFUL);
    assertThat(engine.device.order).containsExactly("op", "other");
  }

  @Test
  void aRefusedRequestFailsOnceAndForAll() throws InterruptedException {
    engine.start();
    engine.refuse(key("op"), BAD);
    assertThat(engine.awaitEnd(key("op")).failure()).contains(BAD);
    engine.request("op", "2.0");
    scheduler.advance(Reporter.SETTLING);
    awaitEnds("op", 2);
    assertThat(engine.statuses.words(key("op")))
        .containsExactly("failed request-invalid", "failed request-invalid");
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aMalformedRepetitionDoesNotEndWhatIsUnderWay() throws InterruptedException {
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    engine.refuse(key("op"), BAD);
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
    allowed.release(1);
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
  }

  @Test
  void aChildThatIsNotConfiguredIsAnswered() throws InterruptedException {
    OperationKey key = new OperationKey(new ChildId("stranger"), "op");
    engine.start();
    engine.accept(Engine.update(key, "2.0"));
    engine.awaitEnd(key);
    assertThat(engine.statuses.words(key)).containsExactly("failed child-unknown");
  }

  @Test
  void whateverIsUnderWayIsAnnouncedAgainAndAgain() throws InterruptedException {
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("running", "2.0");
    engine.request("waiting", "2.1");
    for (int beat = 2; beat <= 4; beat++) {
      int count = beat;
      scheduler.advance(HEARTBEAT);
      engine.await(() -> statuses("running").size() == count);
      engine.await(() -> statuses("waiting").size() == count);
    }
    allowed.release(2);
    engine.awaitEnd(key("waiting"));
    scheduler.advance(HEARTBEAT);
    engine.request("last", "2.1");
    engine.awaitEnd(key("last"));
    assertThat(engine.statuses.words(key("running"))).containsExactly("executing", "successful");
  }

  @Test
  void anEndThatCouldNotBeReportedIsReportedLater() throws Exception {
    engine.start();
    engine.statuses.cut(true);
    engine.request("op", "2.0");
    engine.await(() -> engine.statuses.tries() == 2);
    engine.statuses.cut(false);
    engine.queue().announce();
    engine.awaitLateEnd(key("op"));
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
  void aFloodOfRefusalsIsBoundedAndLetsNoOperationBeFlashedTwice() throws Exception {
    remember(3);
    engine.device.canRead = false;
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    int flood = Archive.KEPT_REFUSALS + 10;
    for (int i = 1; i <= flood; i++) {
      engine.refuse(key("bad" + i), BAD);
      engine.awaitLateEnd(key("bad" + i));
    }
    assertThat(remembered()).isLessThanOrEqualTo(Archive.KEPT_REFUSALS + 2);
    assertThat(engine.journal().find(key("bad" + flood))).isPresent();
    engine.request("op", "2.0");
    scheduler.await(() -> engine.statuses.ends(key("op")).size() == 2);
    assertThat(engine.device.installs).hasValue(1);
  }

  private int remembered() throws IOException {
    AtomicInteger remembered = new AtomicInteger();
    assertThat(engine.journal().archive().read(Engine.PLC, entry -> remembered.incrementAndGet()))
        .isEmpty();
    Contents open = engine.journal().read(ended -> remembered.incrementAndGet());
    return remembered.get() + open.entries().size();
  }

  @Test
  void anOperationWhoseFileIsGoneWhenItsTurnComesFails() throws Exception {
    Permits allowed = holdInstalls();
    engine.start();
    engine.request("op", "2.0");
    engine.request("gone", "2.1");
    engine.request("damaged", "2.2");
    engine.request("last", "2.3");
    engine.change(key("gone"), Optional.empty());
    engine.change(key("damaged"), Optional.of("torn"));
    allowed.open();
    engine.awaitLateEnd(key("op"));
    for (String id : List.of("gone", "damaged")) {
      assertThat(engine.awaitLateEnd(key(id)).failure().orElseThrow().reason())
          .startsWith("storage-failed: ");
    }
    allowed.open();
    assertThat(engine.awaitLateEnd(key("last")).failure()).isEmpty();
  }

  @Test
  void onlyTheConfiguredNumberOfEndsIsRemembered() throws Exception {
    remember(3);
    engine.start();
    for (int i = 1; i <= 10; i++) {
      engine.request("op" + i, "2." + i);
      engine.awaitEnd(key("op" + i));
    }
    scheduler.advance(MOMENT);
    assertThat(remembered()).isLessThanOrEqualTo(4);
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
    for (int i = 0; i < 50; i++) {
      OperationKey key = key("op" + i);
      engine.awaitLateEnd(key);
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
    try (Engine local = new Engine(scheduler, directory)) {
      local.start();
      local.request("op", "2.0");
      local.awaitEnd(key("op"));
      local.stop();
      putADirectoryInPlaceOf("op", directory.resolve("operations"), local.disk);
      local.start();

      local.request("op", "2.0");
      local.request("other", "3.0");

      local.awaitEnd(key("other"));
      assertThat(local.device.order).containsExactly("op", "other");
      assertThat(local.statuses.ends(key("op"))).hasSize(1);
    }
  }

  private static void putADirectoryInPlaceOf(String id, Path directory, Disk disk)
      throws IOException {
    for (Path file : disk.list(directory)) {
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
    engine.await(() -> engine.statuses.ends(key("op")).size() == 1);
    engine.statuses.loseAnswers(false);
    engine.queue().announce();
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
    scheduler.advance(Reporter.SETTLING);
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(2);
  }

  @Test
  void anAdapterThatIgnoresTheInterruptHoldsUpNobodyElse() throws InterruptedException {
    Permits released = scheduler.permits();
    ScriptedAdapter pump = new ScriptedAdapter(scheduler);
    engine.children.add(Engine.child(PUMP, pump, Optional.empty()));
    engine.device.install =
        installation -> {
          scheduler.await(released::areLeft);
          engine.device.takeIt(installation);
        };
    engine.start();
    engine.request("op", "2.0");
    engine.await(() -> engine.device.installs.get() == 1);
    scheduler.advance(Engine.INSTALL_TIMEOUT);
    OperationKey other = new OperationKey(PUMP, "other");
    engine.accept(Engine.update(other, "2.0"));
    engine.awaitEnd(other);
    assertThat(statuses("op")).hasSizeGreaterThan(1).containsOnly(OperationStatus.EXECUTING);
    released.open();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void whatWasToldWhileTheDiskWasFullIsNotedWhenItHasRoom() throws Exception {
    Permits slow = holdReports();
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.SUCCESSFUL);
    engine.await(() -> engine.queue().size() == 0);
    engine.disk.breakAfter(0);
    slow.open();
    engine.queue().announce();
    engine.await(() -> engine.statuses.ends(key("op")).size() == 1);
    engine.await(() -> !engine.disk.failed().isEmpty());
    scheduler.advance(MOMENT);
    assertThat(engine.queue().isAlive()).isTrue();
    engine.disk.repair();
    engine.queue().announce();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
  }
}
