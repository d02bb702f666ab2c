package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.INSTALL_TIMEOUT;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.RecordingLog;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** As long as something left at work may write a device, nothing else is begun there. */
class LeftoverWaitTest extends EngineCase {
  private static final Stage[] CUT_OFF = {
    Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING
  };

  LeftoverWaitTest(long seed) {
    super(seed);
    engine.device.repeatable = true;
    engine.device.isAtWork = true;
  }

  private void awaitHeld(String id) {
    engine.await(
        () ->
            engine
                .queue()
                .waitsFor(key(id))
                .filter(wait -> wait.kind() == Wait.Kind.LEFTOVER)
                .filter(wait -> wait.what().equals(ScriptedAdapter.LEFT))
                .isPresent());
  }

  private void requireUntouched() {
    assertThat(engine.device.installs).hasValue(0);
    assertThat(engine.device.reads).hasValue(0);
    assertThat(engine.device.rollbacks).hasValue(0);
  }

  private void failsAfterInstallTimeout(String id, FailureCode code) {
    scheduler.advance(INSTALL_TIMEOUT.minus(MOMENT));
    awaitHeld(id);
    scheduler.advance(MOMENT);
    Failure failure = engine.awaitEnd(key(id)).failure().orElseThrow();
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.sentence())
        .contains("after install_timeout (30m): " + ScriptedAdapter.LEFT)
        .endsWith("Then check the device, and send the update again.");
  }

  @Test
  void anInstallationThatWasCutOffIsRepeatedWhenNothingIsLeft() throws Exception {
    engine.leave("op", "2.0", CUT_OFF);
    engine.start();
    awaitHeld("op");
    scheduler.advance(Duration.ofMinutes(20));
    awaitHeld("op");
    requireUntouched();
    assertThat(statuses("op")).contains(OperationStatus.EXECUTING);

    engine.device.isAtWork = false;
    scheduler.advance(LeftoverWait.LOOK);
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void itFailsWhereSomethingIsLeftForTooLong() throws Exception {
    engine.leave("op", "2.0", CUT_OFF);
    engine.start();
    awaitHeld("op");
    failsAfterInstallTimeout("op", FailureCode.INTERRUPTED);
    requireUntouched();
  }

  @Test
  void theNextUpdateIsHeldBackToo() throws Exception {
    engine.leave("op", "2.0", CUT_OFF);
    engine.start();
    awaitHeld("op");
    engine.request("next", "3.0");
    failsAfterInstallTimeout("op", FailureCode.INTERRUPTED);
    awaitHeld("next");
    failsAfterInstallTimeout("next", FailureCode.DEVICE_BUSY);
    requireUntouched();
  }

  @Test
  void itIsHeldBackAfterAnotherRestartToo() throws Exception {
    engine.leave("op", "2.0", CUT_OFF);
    for (int life = 1; life <= 3; life++) {
      engine.start();
      awaitHeld("op");
      scheduler.advance(Duration.ofMinutes(20));
      awaitHeld("op");
      engine.stop();
    }
    requireUntouched();
    engine.device.isAtWork = false;
    engine.start();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(1);
  }

  /** The programs of an installation that has just ended may be such as cannot be ended. */
  @Test
  void theOldFirmwareIsNotRestoredBesideIt() throws Exception {
    engine.device.isAtWork = false;
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          engine.device.isAtWork = true;
          throw new UpdateException(FailureCode.INSTALL_FAILED, "It broke.");
        };
    engine.start();
    engine.request("op", "2.0");
    awaitHeld("op");
    failsAfterInstallTimeout("op", FailureCode.INSTALL_FAILED);
    assertThat(engine.device.rollbacks).hasValue(0);
  }

  @Test
  void itHoldsItsBusAndNoInstaller() throws Exception {
    narrow(2, 1);
    engine.children.clear();
    Optional<String> bus = Optional.of("rs485");
    engine.children.add(Engine.child(Engine.PLC, engine.device, bus));
    ScriptedAdapter neighbour = new ScriptedAdapter(scheduler);
    ScriptedAdapter stranger = new ScriptedAdapter(scheduler);
    OperationKey beside = new OperationKey(PUMP, "op");
    OperationKey elsewhere = new OperationKey(new ChildId("fan"), "op");
    engine.children.add(Engine.child(PUMP, neighbour, bus));
    engine.children.add(Engine.child(elsewhere.child(), stranger, Optional.empty()));
    engine.start();
    engine.request("op", "2.0");
    awaitHeld("op");
    engine.accept(Engine.update(beside, "2.0"));
    engine.accept(Engine.update(elsewhere, "2.0"));
    engine.awaitEnd(elsewhere);
    assertThat(neighbour.reads).hasValue(0);

    engine.device.isAtWork = false;
    scheduler.advance(LeftoverWait.LOOK);
    engine.awaitEnd(key("op"));
    engine.awaitEnd(beside);
  }

  @Test
  void theLogSaysItOnce() throws Exception {
    try (RecordingLog log = RecordingLog.of("io.github.childconnector.update")) {
      engine.start();
      engine.request("op", "2.0");
      awaitHeld("op");
      scheduler.advance(Duration.ofMinutes(10));
      engine.device.isAtWork = false;
      scheduler.advance(LeftoverWait.LOOK);
      engine.awaitEnd(key("op"));
      assertThat(log.lines().stream().filter(line -> line.contains(ScriptedAdapter.LEFT)))
          .singleElement()
          .asString()
          .contains("Waiting, for at most install_timeout (30m)");
      assertThat(log.lines()).anyMatch(line -> line.contains("has ended; going on"));
    }
  }
}
