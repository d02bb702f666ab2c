package io.github.childconnector.update;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits holds no thread: for a device that has to come, a bus, a turn, or a confirmation. */
class WaitingTest extends EngineCase {
  private static final Optional<String> BUS = Optional.of("rs485");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ScriptedOffering comer = ScriptedOffering.of(engine.device);
  private final ScriptedAdapter bystander = new ScriptedAdapter(scheduler);
  private final OperationKey present = new OperationKey(PUMP, "op");

  WaitingTest(long seed) {
    super(seed);
  }

  private void addBystander(Optional<String> bus) {
    engine.children.add(Engine.child(PUMP, bystander, bus));
  }

  private void requestOfBystander() throws InterruptedException {
    engine.accept(Engine.update(present, "4.0"));
  }

  private Wait.Kind wait(OperationKey key) {
    return engine.queue().waitsFor(key).orElseThrow().kind();
  }

  private boolean waitsFor(OperationKey key, Wait.Kind kind) {
    return engine.queue().waitsFor(key).filter(wait -> wait.kind() == kind).isPresent();
  }

  private List<OperationKey> keys(int count) {
    List<OperationKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new OperationKey(new ChildId("child" + i), "op"));
    }
    return keys;
  }

  @Test
  void aDeviceThatComesIsUpdated() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    scheduler.advance(Duration.ofMinutes(1));
    comer.come(true);
    awaitStage("op", Stage.INSTALLING);
    scheduler.advance(Duration.ofMinutes(1));
    comer.take();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(comer.isStanding()).isFalse();
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aHundredThatDoNotComeHoldNobodyUp() throws Exception {
    narrow(2, 1);
    addBystander(Optional.empty());
    List<OperationKey> absent = keys(100);
    for (OperationKey key : absent) {
      ScriptedAdapter device = new ScriptedAdapter(scheduler);
      ScriptedOffering unused = ScriptedOffering.of(device);
      engine.children.add(Engine.child(key.child(), device, Optional.empty()));
    }
    engine.start();
    for (OperationKey key : absent) {
      engine.accept(Engine.update(key, "2.0"));
    }
    engine.await(() -> absent.stream().allMatch(key -> waitsFor(key, Wait.Kind.DEVICE)));
    long before = scheduler.nanoTime();
    requestOfBystander();
    scheduler.await(() -> bystander.installs.get() == 1);
    assertThat(Duration.ofNanos(scheduler.nanoTime() - before)).isLessThan(SECOND);
    engine.awaitEnd(present);
  }

  @Test
  void aDeviceThatWasHeardAndIsSilentHoldsNobodyUp() throws Exception {
    narrow(2, 1);
    addBystander(Optional.empty());
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    comer.come(false);
    engine.await(() -> engine.find(key("op")).orElseThrow().stage() == Stage.INSTALLING);
    requestOfBystander();
    engine.awaitEnd(present);
    comer.take();
    engine.awaitEnd(key("op"));
  }

  @Test
  void aDeviceThatDoesNotComeIsTriedAgainAndThenBusy() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    scheduler.advance(ScriptedOffering.PATIENCE);
    engine.await(() -> waitsFor(key("op"), Wait.Kind.PAUSE));
    assertThat(comer.isStanding()).isFalse();
    scheduler.advance(engine.settings.busyRetry());
    engine.await(comer::isStanding);
    JournalEntry end = engine.awaitLateEnd(key("op"));
    assertThat(end.failure().orElseThrow().code()).isEqualTo(FailureCode.DEVICE_BUSY);
    assertThat(end.failure().orElseThrow().sentence())
        .contains("busy_timeout (1h): it has not polled for 5m. Send the update again");
    assertThat(comer.offers()).isGreaterThan(5);
  }

  @Test
  void aDeviceThatComesLaterIsUpdated() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    scheduler.advance(ScriptedOffering.PATIENCE.plus(engine.settings.busyRetry()));
    engine.await(comer::isStanding);
    comer.take();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  @Test
  void aDeviceThatIsHeardAndSilentRunsIntoTheLimit() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    comer.come(false);
    JournalEntry end = engine.awaitLateEnd(key("op"));
    assertThat(end.failure().orElseThrow().code()).isEqualTo(FailureCode.INSTALL_TIMEOUT);
    assertThat(Duration.ofNanos(scheduler.nanoTime()))
        .isBetween(
            Engine.INSTALL_TIMEOUT,
            Engine.INSTALL_TIMEOUT.plus(Engine.CONFIRM_TIMEOUT.multipliedBy(2)));
    assertThat(comer.isStanding()).isFalse();
  }

  @Test
  void aRefusalOfTheDeviceIsAFailure() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    comer.refuse();
    JournalEntry end = engine.awaitEnd(key("op"));
    assertThat(end.failure().orElseThrow().sentence())
        .isEqualTo("It took it in vain. The device runs 1.0.");
  }

  @Test
  void anImageThatCannotBeOfferedIsAFailure() throws Exception {
    comer.refusal = Optional.of(new UpdateException(FailureCode.INSTALL_FAILED, "Too large."));
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitEnd(key("op")).failure().orElseThrow().sentence())
        .isEqualTo("Too large.");
  }

  @Test
  void whoeverWaitsIsHeardOf() throws Exception {
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    scheduler.advance(Engine.HEARTBEAT);
    awaitStatuses("op", OperationStatus.EXECUTING, OperationStatus.EXECUTING);
  }

  @Test
  void aRestartWaitsAgainHoweverOften() throws Exception {
    for (int i = 0; i < 10; i++) {
      engine.start();
      if (i == 0) {
        engine.request("op", "2.0");
      }
      engine.await(comer::isStanding);
      engine.stop();
      assertThat(comer.isStanding()).isFalse();
      assertThat(engine.find(key("op")).orElseThrow().stage()).isEqualTo(Stage.READY);
    }
    engine.start();
    engine.await(comer::isStanding);
    comer.take();
    assertThat(engine.awaitEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  private Duration stopTime() {
    long before = scheduler.nanoTime();
    engine.stop();
    return Duration.ofNanos(scheduler.nanoTime() - before);
  }

  private void offerWithGrace() throws Exception {
    keepGrace(Duration.ofMinutes(2));
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
  }

  @Test
  void aStopDoesNotWaitForADeviceThatHasNotCome() throws Exception {
    offerWithGrace();
    assertThat(engine.queue().changingDevices()).isZero();
    assertThat(stopTime()).isLessThan(SECOND);
  }

  @Test
  void aStopDoesNotWaitForADeviceThatIsSilent() throws Exception {
    offerWithGrace();
    comer.come(false);
    awaitStage("op", Stage.INSTALLING);
    scheduler.advance(MOMENT);
    assertThat(stopTime()).isLessThan(SECOND);
  }

  @Test
  void aStopWaitsForADeviceThatTakesTheImage() throws Exception {
    offerWithGrace();
    comer.come(true);
    awaitStage("op", Stage.INSTALLING);
    scheduler.advance(MOMENT);
    assertThat(engine.queue().changingDevices()).isOne();
    scheduler.schedule(Duration.ofSeconds(20), comer::take);
    assertThat(stopTime()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22));
    assertThat(engine.find(key("op")).orElseThrow().stage()).isEqualTo(Stage.CONFIRMING);
  }

  @Test
  void whoWantsTheBusOfADeviceThatHasNotComeGetsIt() throws Exception {
    engine.children.clear();
    engine.children.add(Engine.child(Engine.PLC, engine.device, BUS));
    addBystander(BUS);
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    requestOfBystander();
    engine.awaitEnd(present);
    scheduler.advance(engine.settings.busyRetry());
    engine.await(comer::isStanding);
    comer.take();
    engine.awaitEnd(key("op"));
  }

  @Test
  void whoWantsTheBusOfADeviceThatHasComeWaits() throws Exception {
    engine.children.clear();
    engine.children.add(Engine.child(Engine.PLC, engine.device, BUS));
    addBystander(BUS);
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    comer.come(true);
    awaitStage("op", Stage.INSTALLING);
    requestOfBystander();
    engine.await(() -> waitsFor(present, Wait.Kind.BUS));
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(wait(present)).isEqualTo(Wait.Kind.BUS);
    assertThat(bystander.installs).hasValue(0);
    comer.take();
    engine.awaitEnd(key("op"));
    engine.awaitEnd(present);
  }

  @Test
  void twoThatDoNotComeLetAThirdOntoTheirBus() throws Exception {
    engine.children.clear();
    engine.children.add(Engine.child(Engine.PLC, engine.device, BUS));
    OperationKey second = new OperationKey(new ChildId("second"), "op");
    ScriptedAdapter device = new ScriptedAdapter(scheduler);
    ScriptedOffering other = ScriptedOffering.of(device);
    engine.children.add(Engine.child(second.child(), device, BUS));
    addBystander(BUS);
    engine.start();
    engine.request("op", "2.0");
    engine.await(comer::isStanding);
    engine.accept(Engine.update(second, "2.0"));
    engine.await(() -> waitsFor(second, Wait.Kind.BUS));
    assertThat(other.isStanding()).isFalse();
    requestOfBystander();
    engine.awaitEnd(present);
  }

  @Test
  void whatIsConfirmedHoldsNoInstaller() throws Exception {
    narrow(2, 1);
    addBystander(Optional.empty());
    engine.device.offering = Optional.empty();
    engine.device.read = () -> "1.0";
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.CONFIRMING);
    engine.await(() -> waitsFor(key("op"), Wait.Kind.DEVICE));
    requestOfBystander();
    engine.awaitEnd(present);
    engine.device.read = () -> "2.0";
    engine.awaitLateEnd(key("op"));
  }

  @Test
  void whatWaitsForItsTurnOrItsBusHoldsNoThread() throws Exception {
    narrow(2, 2);
    addBystander(Optional.empty());
    engine.device.offering = Optional.empty();
    Permits allowed = holdInstalls();
    engine.children.clear();
    engine.children.add(Engine.child(Engine.PLC, engine.device, BUS));
    addBystander(Optional.empty());
    List<OperationKey> others = keys(20);
    for (OperationKey key : others) {
      engine.children.add(Engine.child(key.child(), new ScriptedAdapter(scheduler), BUS));
    }
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.INSTALLING);
    for (int i = 0; i < 20; i++) {
      engine.request("next" + i, "3.0");
      engine.accept(Engine.update(others.get(i), "2.0"));
    }
    engine.await(() -> others.stream().allMatch(key -> waitsFor(key, Wait.Kind.BUS)));
    assertThat(wait(key("next0"))).isEqualTo(Wait.Kind.TURN);
    requestOfBystander();
    engine.awaitEnd(present);
    allowed.open();
    engine.awaitLateEnd(key("next19"));
    others.forEach(engine::awaitLateEnd);
  }
}
