package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an installation is made final, and what success, error, hang and death in it lead to. */
class CommitmentTest extends EngineCase {
  CommitmentTest(long seed) {
    super(seed);
  }

  @BeforeEach
  void offerIt() {
    engine.device.canCommit = true;
  }

  private JournalEntry run() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    return engine.awaitEnd(key("op"));
  }

  private void runLong() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitLateEnd(key("op"));
  }

  private List<String> words() {
    return engine.statuses.words(key("op"));
  }

  private static List<Stage> stages(JournalEntry entry) {
    return entry.history().stream().map(JournalEntry.Step::stage).toList();
  }

  @Test
  void itFollowsUponTheVersion() throws Exception {
    engine.device.commit = () -> assertThat(engine.device.reads).hasValue(2);
    run();

    assertThat(words()).containsExactly("executing", "successful");
    assertThat(engine.device.order).containsExactly("op", "commit");
  }

  @Test
  void itFollowsUponTheInstallationWhereNobodySeesVersions() throws Exception {
    engine.device.canRead = false;
    JournalEntry entry = run();

    assertThat(engine.device.order).containsExactly("op", "commit");
    assertThat(stages(entry)).endsWith(Stage.INSTALLING, Stage.CONFIRMING, Stage.SUCCESSFUL);
  }

  @Test
  void whatRunsAlreadyNeedsNone() throws Exception {
    engine.device.version = "2.0";
    run();

    assertThat(engine.device.commits).hasValue(0);
  }

  @Test
  void aLateSuccessIsMadeFinalToo() throws Exception {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          engine.device.hang();
        };
    runLong();

    assertThat(words()).containsExactly("executing", "successful");
    assertThat(engine.device.commits).hasValue(1);
  }

  @Test
  void whatCannotBeMadeFinalIsRolledBack() throws Exception {
    engine.device.canRestore = true;
    engine.device.commit = CommitmentTest::refuse;
    JournalEntry entry = run();

    assertThat(words()).containsExactly("executing", "failed install-failed");
    assertThat(entry.failure().orElseThrow().sentence())
        .isEqualTo("No switch. The old firmware was restored. The device runs 1.0.");
    assertThat(engine.device.rollbacks).hasValue(1);
  }

  private static void refuse() throws UpdateException {
    throw new UpdateException(FailureCode.INSTALL_FAILED, "No switch.");
  }

  @Test
  void whatCannotBeMadeFinalFailsWhereNothingCanBeRestored() throws Exception {
    engine.device.commit = CommitmentTest::refuse;
    run();

    assertThat(words()).containsExactly("executing", "failed install-failed");
  }

  @Test
  void itDoesNotHang() throws Exception {
    engine.device.commit = engine.device::hang;
    runLong();

    assertThat(words()).containsExactly("executing", "failed install-timeout");
  }

  @Test
  void killedInTheMiddleItIsDoneAgain() throws Exception {
    engine.device.commit = engine.device::hang;
    engine.start();
    engine.request("op", "2.0");
    engine.await(engine.device::isHanging);
    engine.close();
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);

    engine.device.commit = () -> {};
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(words()).contains("successful").doesNotContain("failed");
    assertThat(engine.device.order).containsExactly("op", "commit", "takeover", "commit");
  }

  @Test
  void killedRightAfterItItIsDoneAgain() throws Exception {
    engine.device.commit = () -> engine.disk.breakAfter(0);
    engine.start();
    engine.request("op", "2.0");
    engine.await(() -> !engine.disk.failed().isEmpty());
    engine.close();
    engine.disk.repair();
    assertThat(engine.journal().find(key("op")).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);

    engine.device.commit = () -> {};
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(words()).contains("successful").doesNotContain("failed");
    assertThat(engine.device.installs).hasValue(1);
    assertThat(engine.device.commits).hasValue(2);
  }

  @Test
  void killedBeforeItItIsDoneWhereNobodySeesVersions() throws Exception {
    engine.device.canRead = false;
    engine.leave(
        "op",
        "2.0",
        Stage.CHECKING,
        Stage.FETCHING,
        Stage.READY,
        Stage.INSTALLING,
        Stage.CONFIRMING);
    engine.start();
    engine.awaitEnd(key("op"));

    assertThat(words()).contains("successful");
    assertThat(engine.device.order).containsExactly("takeover", "commit");
  }

  @Test
  void anInstallationThatWasCutOffIsMadeFinalIfTheDeviceRunsIt() throws Exception {
    engine.device.version = "2.0";
    engine.leave("op", "2.0", Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING);
    engine.start();
    engine.awaitEnd(key("op"));

    assertThat(words()).contains("successful");
    assertThat(engine.device.order).containsExactly("takeover", "commit");
  }

  @Test
  void anInstallationThatWasCutOffUnseenIsNotMadeFinal() throws Exception {
    engine.device.canRead = false;
    engine.leave("op", "2.0", Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING);
    engine.start();
    engine.awaitEnd(key("op"));

    assertThat(words()).contains("failed interrupted");
    assertThat(engine.device.commits).hasValue(0);
  }

  @Test
  void aReaderThatIsNoLongerConfiguredIsMissedWithoutIt() throws Exception {
    engine.device.canCommit = false;
    engine.device.canRead = false;
    engine.leave(
        "op",
        "2.0",
        Stage.CHECKING,
        Stage.FETCHING,
        Stage.READY,
        Stage.INSTALLING,
        Stage.CONFIRMING);
    engine.start();
    engine.awaitLateEnd(key("op"));

    assertThat(words()).contains("failed not-confirmed");
  }
}
