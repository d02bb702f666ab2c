package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.PLC;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler.Permits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stop leaves, and what the next process makes of it. */
class StopAndRestartTest extends EngineCase {
  StopAndRestartTest(long seed) {
    super(seed);
  }

  @Test
  void aRequestSentAgainToTheNextProcessIsAnsweredAgainButNotAtOnce() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    engine.close();
    engine.device.version = "1.0";

    engine.start();
    engine.request("op", "2.0");
    engine.request("other", "1.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);

    scheduler.advance(Reporter.SETTLING);
    awaitEnds("op", 2);
    assertThat(engine.device.order).containsOnlyOnce("op");
  }

  @Test
  void anOperationOfAChildThatIsNoLongerConfiguredFails() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING);
    engine.children.clear();
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("failed child-unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, fw 2.0 was not installed on it yet",
    "CHECKING, fw 2.0 was not installed on it yet",
    "INSTALLING, fw 2.0 was being installed on it: check the device",
    "CONFIRMING, fw 2.0 was installed on it and not confirmed: check which version it runs",
    "ROLLING_BACK, restored after fw 2.0 had failed: check the device. Before that: It broke."
  })
  void theEndOfAChildThatIsGoneTellsHowFarItWas(Stage stage, String story) throws Exception {
    List<Stage> path =
        List.of(
            Stage.CHECKING,
            Stage.FETCHING,
            Stage.READY,
            Stage.INSTALLING,
            Stage.CONFIRMING,
            Stage.ROLLING_BACK);
    engine.leave("op", "2.0", path.subList(0, path.indexOf(stage) + 1).toArray(Stage[]::new));
    engine.children.clear();
    engine.start();
    JournalEntry end = engine.awaitEnd(key("op"));
    assertThat(end.failure().orElseThrow().sentence())
        .startsWith("No child plc is configured on this connector. Add a [[child]] for it.")
        .contains(story);
    assertThat(end.update().orElseThrow().firmware().version()).isEqualTo("2.0");
  }

  @Test
  void aRequestThatComesBeforeThatTellsTheSame() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING);
    engine.children.clear();
    engine.start();
    engine.request("op", "2.0");
    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.ends(key("op")).get(0).failure().orElseThrow().sentence())
        .contains("fw 2.0 was being installed on it");
    assertThat(engine.find(key("op")).orElseThrow().update()).isPresent();
  }

  @Test
  void aFullDiskDoesNotMakeTheOthersWaitForAChildThatIsGone() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING);
    engine.children.clear();
    engine.disk.fail(11, Integer.MAX_VALUE, "No space left on device");
    engine.start();
    engine.await(() -> !engine.disk.failed().isEmpty());
    engine.disk.fail(0, 0, "");
    scheduler.advance(Duration.ofSeconds(1));
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("failed child-unknown");
  }

  @Test
  void theOrderSurvivesARestart() throws InterruptedException {
    engine.device.install = installation -> engine.device.hang();
    engine.device.repeatable = true;
    engine.start();
    for (int i = 1; i <= 5; i++) {
      engine.request("z" + (9 - i), "2." + i);
    }
    engine.await(engine.device::isHanging);
    engine.close();
    engine.device.install = engine.device::takeIt;
    engine.device.order.clear();
    engine.start();
    engine.awaitEnd(key("z4"));
    assertThat(engine.device.order).containsExactly("takeover", "z8", "z7", "z6", "z5", "z4");
  }

  @Test
  void theOrderSurvivesMoreThanOneRestart() throws InterruptedException {
    engine.images.fetch = engine.device::hang;
    engine.start();
    engine.request("z", "2.0");
    engine.close();
    engine.start();
    engine.request("a", "3.0");
    engine.close();
    engine.images.fetch = () -> {};
    engine.start();
    engine.awaitEnd(key("a"));
    assertThat(engine.device.order).containsExactly("z", "a");
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
    engine.awaitLateEnd(key("op"));
    assertThat(statuses("op")).containsExactly(OperationStatus.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void anEndThatAnEarlierProcessMayHaveJustReportedIsNotReportedAtOnce() throws Exception {
    engine.leave("op", "2.0", Stage.CHECKING, Stage.SUCCESSFUL);
    engine.start();
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    scheduler.advance(Duration.ofMillis(1999));
    engine.request("another", "2.0");
    engine.awaitEnd(key("another"));
    assertThat(statuses("op")).isEmpty();

    scheduler.advance(Duration.ofMillis(1));

    engine.awaitEnd(key("op"));
    assertThat(statuses("op")).containsExactly(OperationStatus.SUCCESSFUL);
  }

  @Test
  void anAnswerThatIsStillOwedIsGivenByTheNextProcess() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    engine.request("op", "2.0");
    engine.close();
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);

    engine.start();
    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(2);
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void anAnswerAskedForWhileTheEndIsBeingReportedIsStillOwed() throws Exception {
    engine.start();
    AtomicBoolean again = new AtomicBoolean(true);
    engine.statuses.before =
        () -> {
          if (!statuses("op").isEmpty() && hasEnded("op") && again.getAndSet(false)) {
            engine.request("op", "2.0");
          }
        };
    engine.request("op", "2.0");
    engine.await(() -> !engine.statuses.ends(key("op")).isEmpty());
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.journal().find(key("op")).map(JournalEntry::reported)).contains(false);
  }

  @Test
  void anAnswerAskedForWhileTheEndIsBeingNotedIsStillOwed() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    awaitEnds("op", 1);
    engine.request("op", "2.0");
    scheduler.advance(MOMENT);
    assertThat(engine.journal().find(key("op")).map(JournalEntry::reported)).contains(false);
  }

  @Test
  void anEndThatIsAskedForAgainBeforeItCouldBeToldIsOwedOnce() throws Exception {
    engine.start();
    engine.statuses.cut(true);
    engine.request("op", "2.0");
    engine.await(() -> engine.statuses.tries() == 2);
    engine.request("op", "2.0");
    engine.statuses.cut(false);
    engine.queue().announce();

    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
  }

  private boolean hasEnded(String id) {
    return engine.find(key(id)).filter(entry -> entry.stage().isEnd()).isPresent();
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
      engine.await(() -> engine.device.installs.get() == expected);
      engine.close();
      engine.start();
    }
    awaitStage("op", Stage.CONFIRMING);
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
    engine.await(engine.device::isHanging);
    awaitStatuses("op", OperationStatus.EXECUTING);
    engine.close();
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.INSTALLING);
    assertThat(statuses("op")).containsOnly(OperationStatus.EXECUTING);
  }

  @Test
  void stoppingDoesNotLoseWhatAnAdapterHasJustDone() throws Exception {
    engine.device.canRead = false;
    engine.device.install =
        installation -> {
          try {
            engine.device.hang();
          } catch (InterruptedException e) {
            // The device had already taken it.
            Thread.currentThread().interrupt();
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.await(engine.device::isHanging);
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
    engine.await(() -> !engine.disk.failed().isEmpty());
    engine.queue().announce();
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
    assertThat(engine.device.reads).hasValue(1);

    engine.disk.repair();
    engine.awaitLateEnd(key("op"));
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
    engine.await(engine.device::isHanging);
    engine.close();
    assertThat(engine.device.rollbacks).hasValue(0);
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.INSTALLING);
  }

  @Test
  void aStopThatComesWhileATimedOutInstallationEndsBeginsNothingMore() throws Exception {
    Permits ending = scheduler.permits();
    engine.device.canRead = false;
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          try {
            engine.device.hang();
          } catch (InterruptedException e) {
            ending.open();
            engine.device.hang();
          }
        };
    engine.start();
    engine.request("op", "2.0");
    engine.await(engine.device::isHanging);
    scheduler.advance(Engine.INSTALL_TIMEOUT);
    engine.await(ending::areLeft);
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
    engine.await(engine.device::isHanging);
    engine.close();
    assertThat(engine.device.reads).hasValue(1);
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);
  }

  @Test
  void whatWasAtABusIsTakenUpBeforeWhatWaitedForIt() throws Exception {
    engine.children.clear();
    for (ChildId child : List.of(PLC, PUMP)) {
      engine.children.add(Engine.child(child, engine.device, Optional.of("rs485")));
    }
    engine.device.version = "2.0";
    engine.images.stored = true;
    OperationKey waiting = new OperationKey(PUMP, "waiting");
    engine.leave(waiting, 0, Stage.CHECKING, Stage.FETCHING, Stage.READY);
    engine.leave(key("begun"), 1, Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING);
    engine.start();
    engine.awaitEnd(waiting);
    assertThat(engine.device.order).containsExactly("takeover", "waiting");
  }
}
