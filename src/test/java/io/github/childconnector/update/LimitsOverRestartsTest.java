package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.journal.Effort.Limit;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A restart begins no limit anew: the connector may be started as often as anybody likes. */
class LimitsOverRestartsTest extends EngineCase {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LIMIT = Engine.INSTALL_TIMEOUT;
  private static final Duration TWO_FIFTHS = LIMIT.multipliedBy(2).dividedBy(5);

  LimitsOverRestartsTest(long seed) {
    super(seed);
  }

  private ScriptedOffering comer() {
    engine.device.repeatable = true;
    engine.images.stored = true;
    return ScriptedOffering.of(engine.device);
  }

  private void restart() {
    engine.stop();
    engine.start();
  }

  private JournalEntry entry() {
    return engine.find(key("op")).orElseThrow();
  }

  private Duration elapsed(Limit limit) {
    return entry().effort().within(limit);
  }

  private FailureCode code(JournalEntry end) {
    return end.failure().orElseThrow().code();
  }

  /** The device comes, begins with the image, and stays at it for a while. */
  private void take(ScriptedOffering comer, Duration length) {
    engine.await(comer::isStanding);
    comer.come(true);
    awaitStage("op", Stage.INSTALLING);
    scheduler.advance(length);
  }

  private void takeForTooLong(ScriptedOffering comer) throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 2; i++) {
      take(comer, TWO_FIFTHS);
      restart();
    }
    take(comer, LIMIT.dividedBy(5));
    awaitStage("op", Stage.CONFIRMING);
    restart();
  }

  @Test
  void aDeviceThatTakesTheImageOverManyRestartsRunsIntoTheLimit() throws Exception {
    ScriptedOffering comer = comer();
    takeForTooLong(comer);
    JournalEntry end = engine.awaitLateEnd(key("op"));
    assertThat(code(end)).isEqualTo(FailureCode.INSTALL_TIMEOUT);
    assertThat(end.failure().orElseThrow().sentence())
        .contains("which restarts of the connector cut off, took longer than install_timeout (30m)")
        .endsWith("The device runs 1.0.");
    assertThat(comer.offers()).isEqualTo(3);
  }

  @Test
  void aDeviceThatRunsTheFirmwareThenIsUpdated() throws Exception {
    takeForTooLong(comer());
    engine.device.version = "2.0";
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void theRestOfTheLimitIsWhatTheProcessesBeforeHaveLeft() throws Exception {
    ScriptedOffering comer = comer();
    engine.start();
    engine.request("op", "2.0");
    take(comer, LIMIT.minus(SECOND));
    restart();
    take(comer, SECOND);
    awaitStage("op", Stage.CONFIRMING);
    assertThat(code(entry())).isEqualTo(FailureCode.INSTALL_TIMEOUT);
  }

  @Test
  void aDeviceWhoseTimeIsNotOverGoesOnHoweverOften() throws Exception {
    ScriptedOffering comer = comer();
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 9; i++) {
      take(comer, LIMIT.dividedBy(10));
      restart();
    }
    take(comer, SECOND);
    comer.take();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void restartsThatLeaveNoTimeAreNotEndless() throws Exception {
    ScriptedOffering comer = comer();
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 4; i++) {
      take(comer, MOMENT);
      restart();
    }
    awaitStage("op", Stage.CONFIRMING);
    assertThat(code(entry())).isEqualTo(FailureCode.INTERRUPTED);
  }

  @Test
  void theTimeBeforeTheDeviceComesIsNotOfTheInstallation() throws Exception {
    ScriptedOffering comer = comer();
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    scheduler.advance(ScriptedOffering.PATIENCE.minus(SECOND));
    restart();
    take(comer, LIMIT.minus(SECOND));
    comer.take();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  private void hang() throws InterruptedException {
    engine.device.repeatable = true;
    engine.images.stored = true;
    engine.device.install = installation -> engine.device.hang();
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.INSTALLING);
  }

  @Test
  void aFlasherThatIsBegunAgainHasHalfOfTheLimitAtLeast() throws Exception {
    hang();
    scheduler.advance(LIMIT.minus(SECOND));
    restart();
    engine.await(() -> engine.device.installs.get() == 2);
    scheduler.advance(LIMIT.dividedBy(2).minus(MOMENT));
    assertThat(entry().stage()).isEqualTo(Stage.INSTALLING);
    scheduler.advance(MOMENT);
    awaitStage("op", Stage.CONFIRMING);
    assertThat(code(entry())).isEqualTo(FailureCode.INSTALL_TIMEOUT);
  }

  @Test
  void aFlasherIsNotBegunAgainOnceTheLimitIsUsedUp() throws Exception {
    hang();
    scheduler.advance(TWO_FIFTHS.multipliedBy(2));
    restart();
    engine.await(() -> engine.device.installs.get() == 2);
    scheduler.advance(TWO_FIFTHS);
    restart();
    awaitStage("op", Stage.CONFIRMING);
    assertThat(code(entry())).isEqualTo(FailureCode.INSTALL_TIMEOUT);
    assertThat(engine.device.installs).hasValue(2);
  }

  @Test
  void itIsNotedWhileAnInstallationLasts() throws Exception {
    hang();
    Duration interval = Timekeeper.interval(LIMIT);
    assertThat(interval).isEqualTo(Duration.ofSeconds(90));
    scheduler.advance(interval.minus(MOMENT));
    assertThat(elapsed(Limit.INSTALL)).isZero();
    scheduler.advance(MOMENT.multipliedBy(2));
    assertThat(elapsed(Limit.INSTALL)).isEqualTo(interval);
    scheduler.advance(interval);
    assertThat(elapsed(Limit.INSTALL)).isEqualTo(interval.multipliedBy(2));
  }

  @Test
  void itIsNotedSeldomAndNotTooSeldom() {
    assertThat(Timekeeper.interval(Duration.ofSeconds(2))).isEqualTo(Timekeeper.SHORTEST);
    assertThat(Timekeeper.interval(Duration.ofSeconds(40))).isEqualTo(Duration.ofSeconds(2));
    assertThat(Timekeeper.interval(Duration.ofDays(9))).isEqualTo(Timekeeper.LONGEST);
  }

  @Test
  void aDiskThatTakesNoNoteHoldsNothingUp() throws Exception {
    hang();
    engine.disk.fail(1, Integer.MAX_VALUE, "No space left on device");
    scheduler.advance(TWO_FIFTHS);
    assertThat(engine.disk.failed()).isNotEmpty();
    engine.disk.fail(0, 0, "");
    scheduler.advance(TWO_FIFTHS);
    assertThat(elapsed(Limit.INSTALL)).isGreaterThan(TWO_FIFTHS);
    assertThat(entry().stage()).isEqualTo(Stage.INSTALLING);
  }

  @Test
  void aStopNotesWhatIsNotNotedYet() throws Exception {
    hang();
    scheduler.advance(SECOND.multipliedBy(7));
    engine.stop();
    assertThat(elapsed(Limit.INSTALL)).isEqualTo(SECOND.multipliedBy(7));
  }

  @Test
  void theConfirmationEndsHoweverOftenTheConnectorIsStarted() throws Exception {
    engine.device.install = installation -> {};
    engine.start();
    engine.request("op", "2.0");
    int restarts = 0;
    while (!entry().stage().isEnd()) {
      awaitStage("op", Stage.CONFIRMING);
      scheduler.advance(Engine.CONFIRM_TIMEOUT.dividedBy(3));
      restart();
      scheduler.advance(MOMENT);
      restarts++;
    }
    assertThat(code(engine.awaitLateEnd(key("op")))).isEqualTo(FailureCode.NOT_CONFIRMED);
    assertThat(restarts).isBetween(3, 6);
  }

  @Test
  void aDeviceThatStartsWithItsGatewayHasTimeToBeSeen() throws Exception {
    engine.device.install = installation -> {};
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.CONFIRMING);
    scheduler.advance(Engine.CONFIRM_TIMEOUT.minus(SECOND));
    restart();
    scheduler.advance(Engine.CONFIRM_TIMEOUT.dividedBy(2).minus(SECOND));
    engine.device.version = "2.0";
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void aBusyDeviceIsGivenUpHoweverOftenTheConnectorIsStarted() throws Exception {
    engine.device.install =
        installation -> {
          throw new DeviceBusyException("driving");
        };
    Duration third = engine.settings.busyTimeout().dividedBy(3);
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 3; i++) {
      engine.await(() -> entry().stage() == Stage.READY);
      scheduler.advance(third);
      restart();
    }
    assertThat(code(engine.awaitLateEnd(key("op")))).isEqualTo(FailureCode.DEVICE_BUSY);
    assertThat(Duration.ofNanos(scheduler.nanoTime()))
        .isLessThan(engine.settings.busyTimeout().plusMinutes(1));
  }

  @Test
  void aDeviceThatNeverComesIsGivenUpHoweverOftenTheConnectorIsStarted() throws Exception {
    ScriptedOffering comer = comer();
    Duration third = engine.settings.busyTimeout().dividedBy(3);
    engine.start();
    engine.request("op", "2.0");
    for (int i = 0; i < 4; i++) {
      scheduler.advance(third.plus(ScriptedOffering.PATIENCE));
      assertThat(comer.offers()).isPositive();
      restart();
    }
    JournalEntry end = engine.awaitLateEnd(key("op"));
    assertThat(code(end)).isEqualTo(FailureCode.DEVICE_BUSY);
    assertThat(Duration.ofNanos(scheduler.nanoTime()))
        .isLessThan(engine.settings.busyTimeout().multipliedBy(2));
  }

  @Test
  void aDeviceThatWasWrittenIsNotBusyAnyMore() throws Exception {
    ScriptedOffering comer = comer();
    engine.start();
    engine.request("op", "2.0");
    scheduler.advance(ScriptedOffering.PATIENCE.plus(engine.settings.busyRetry()));
    take(comer, TWO_FIFTHS);
    assertThat(elapsed(Limit.BUSY)).isPositive();
    restart();
    engine.await(comer::isStanding);
    assertThat(elapsed(Limit.BUSY)).isZero();
  }

  @Test
  void aCommitThatIsAlwaysCutOffEnds() throws Exception {
    engine.device.canCommit = true;
    engine.device.commit = engine.device::hang;
    engine.start();
    engine.request("op", "2.0");
    int restarts = 0;
    while (!entry().stage().isEnd()) {
      scheduler.advance(LIMIT.dividedBy(3));
      restart();
      scheduler.advance(MOMENT);
      restarts++;
    }
    JournalEntry end = engine.awaitLateEnd(key("op"));
    assertThat(end.failure().orElseThrow().sentence()).contains("to make that final took longer");
    assertThat(restarts).isBetween(3, 7);
  }
}
