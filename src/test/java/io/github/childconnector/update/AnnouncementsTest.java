package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler.Permits;
import io.github.childconnector.update.FakeFirmwarePlugin.State;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations of a child are spoken of one after the other, where their receiver needs that. */
class AnnouncementsTest extends EngineCase {
  private static final Duration PAUSE = Duration.ofMillis(1500);
  private static final Duration PATIENCE = FakeFirmwarePlugin.UPDATE_TIMEOUT.dividedBy(4);

  private final FakeFirmwarePlugin plugin = new FakeFirmwarePlugin(scheduler);

  AnnouncementsTest(long seed) {
    super(seed);
  }

  @BeforeEach
  void connect() {
    engine.statuses.pacing = new Requester.Pacing(PAUSE, PATIENCE);
    engine.statuses.listener = plugin::hear;
  }

  private void request(String id, String version) throws InterruptedException {
    plugin.request(key(id));
    engine.request(id, version);
  }

  /** The plugin's first operation of all, whose end it takes for two. */
  private void passFirst() throws InterruptedException {
    engine.start();
    request("first", "1.5");
    engine.awaitLateEnd(key("first"));
    scheduler.advance(PAUSE);
  }

  /** Longer than it takes the plugin to say its second word. */
  private void refuse(String version) {
    engine.device.install =
        installation -> {
          scheduler.sleep(Duration.ofSeconds(1));
          if (installation.update().firmware().version().equals(version)) {
            throw ScriptedAdapter.unreadable();
          }
          engine.device.takeIt(installation);
        };
  }

  @ParameterizedTest
  @CsvSource({"2.0, FAILED, SUCCESSFUL", "3.0, SUCCESSFUL, FAILED", "4.0, SUCCESSFUL, SUCCESSFUL"})
  void theCloudHasTheEndOfEachOperation(String refused, State one, State other) throws Exception {
    passFirst();
    refuse(refused);
    request("one", "2.0");
    request("other", "3.0");
    engine.awaitLateEnd(key("other"));
    scheduler.advance(PAUSE);
    assertThat(plugin.state(key("one"))).isEqualTo(one);
    assertThat(plugin.state(key("other"))).isEqualTo(other);
  }

  @Test
  void theCloudDoesNotCloseWhatIsStillInstalled() throws Exception {
    passFirst();
    Permits allowed = holdInstalls();
    allowed.release(1);
    request("one", "2.0");
    request("other", "3.0");
    engine.awaitLateEnd(key("one"));
    scheduler.advance(PAUSE.multipliedBy(2));
    assertThat(plugin.state(key("other"))).isEqualTo(State.EXECUTING);
    allowed.open();
    engine.awaitLateEnd(key("other"));
  }

  @Test
  void theNextIsAnnouncedWhenThePauseIsOver() throws Exception {
    engine.start();
    Permits allowed = holdInstalls();
    request("one", "2.0");
    request("other", "3.0");
    allowed.release(1);
    engine.awaitEnd(key("one"));
    awaitStage("other", Stage.INSTALLING);
    scheduler.advance(PAUSE.minusNanos(1));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(MOMENT);
    awaitStatuses("other", OperationStatus.EXECUTING);
    allowed.open();
    engine.awaitEnd(key("other"));
  }

  @Test
  void aQueuedOperationIsAnnouncedBeforeThePluginLosesItsPatience() throws Exception {
    passFirst();
    Permits allowed = holdInstalls();
    request("one", "2.0");
    request("other", "3.0");
    scheduler.advance(PATIENCE.minusNanos(1));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(MOMENT);
    awaitStatuses("other", OperationStatus.EXECUTING);
    allowed.open();
    engine.awaitLateEnd(key("other"));
  }

  @Test
  void aQueuedOperationIsHeardOfForHours() throws Exception {
    engine.device.install =
        installation -> {
          scheduler.sleep(Engine.INSTALL_TIMEOUT.minusSeconds(1));
          engine.device.takeIt(installation);
        };
    passFirst();
    request("one", "2.0");
    request("other", "3.0");
    request("third", "4.0");
    request("fourth", "5.0");
    engine.awaitLateEnd(key("fourth"));
    scheduler.advance(PAUSE);
    assertThat(plugin.state(key("fourth"))).isEqualTo(State.SUCCESSFUL);
  }

  @Test
  void aRefusalWaitsForTheOperationBeforeIt() throws Exception {
    passFirst();
    Permits allowed = holdInstalls();
    request("one", "2.0");
    plugin.request(key("bad"));
    engine.refuse(key("bad"), BAD);
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(statuses("bad")).isEmpty();
    allowed.open();
    engine.awaitLateEnd(key("bad"));
    scheduler.advance(PAUSE);
    assertThat(plugin.state(key("one"))).isEqualTo(State.SUCCESSFUL);
    assertThat(plugin.state(key("bad"))).isEqualTo(State.FAILED);
    assertThat(engine.statuses.words(key("bad"))).containsExactly("failed request-invalid");
  }

  @Test
  void refusalsComeOneAfterTheOther() throws Exception {
    passFirst();
    for (String id : new String[] {"x", "y", "z"}) {
      plugin.request(key(id));
      engine.refuse(key(id), BAD);
    }
    engine.awaitLateEnd(key("z"));
    scheduler.advance(PAUSE);
    for (String id : new String[] {"x", "y", "z"}) {
      assertThat(plugin.state(key(id))).isEqualTo(State.FAILED);
    }
  }

  @Test
  void aFloodOfRefusalsIsNotKept() throws Exception {
    passFirst();
    Permits allowed = holdInstalls();
    request("one", "2.0");
    for (int i = 0; i <= Announcements.MOST_REFUSALS; i++) {
      engine.refuse(key("bad" + i), BAD);
    }
    awaitStatuses("bad" + Announcements.MOST_REFUSALS, OperationStatus.FAILED);
    assertThat(statuses("bad" + (Announcements.MOST_REFUSALS - 1))).isEmpty();
    allowed.open();
    engine.awaitLateEnd(key("bad" + (Announcements.MOST_REFUSALS - 1)));
  }

  @Test
  void whatHasEndedBeforeItsTurnIsToldInItsTurn() throws Exception {
    engine.start();
    request("one", "2.0");
    request("same", "2.0");
    engine.awaitEnd(key("one"));
    awaitStage("same", Stage.SUCCESSFUL);
    scheduler.advance(PAUSE.minusNanos(1));
    assertThat(statuses("same")).isEmpty();
    scheduler.advance(MOMENT);
    awaitStatuses("same", OperationStatus.EXECUTING, OperationStatus.SUCCESSFUL);
  }

  @Test
  void nothingIsAnnouncedBeforeTheEndBeforeItHasArrived() throws Exception {
    engine.start();
    Permits allowed = holdInstalls();
    request("one", "2.0");
    request("other", "3.0");
    awaitStatuses("one", OperationStatus.EXECUTING);
    engine.statuses.cut(true);
    allowed.release(1);
    awaitStage("other", Stage.INSTALLING);
    scheduler.advance(Duration.ofMinutes(1));
    engine.statuses.cut(false);
    engine.queue().announce();
    engine.awaitEnd(key("one"));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(PAUSE);
    awaitStatuses("other", OperationStatus.EXECUTING);
    allowed.open();
    engine.awaitLateEnd(key("other"));
  }

  @Test
  void anEndThatNobodyTakesDoesNotHoldUpTheOthersForEver() throws Exception {
    engine.start();
    engine.statuses.loseAnswers(true);
    request("one", "2.0");
    request("other", "3.0");
    scheduler.advance(PATIENCE.minus(Engine.HEARTBEAT));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(Engine.HEARTBEAT.multipliedBy(3));
    assertThat(statuses("other")).contains(OperationStatus.SUCCESSFUL);
  }

  @Test
  void aRestartDoesNotShortenThePause() throws Exception {
    Permits allowed = holdInstalls();
    engine.start();
    request("one", "2.0");
    request("other", "3.0");
    allowed.release(1);
    engine.awaitEnd(key("one"));
    engine.stop();
    engine.start();
    scheduler.advance(PAUSE.minusNanos(1));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(MOMENT);
    engine.await(() -> !statuses("other").isEmpty());
    allowed.open();
    engine.awaitLateEnd(key("other"));
  }

  @Test
  void anEndThatAnEarlierProcessDidNotTellComesFirst() throws Exception {
    engine.leave("one", "2.0", Stage.CHECKING, Stage.FAILED);
    engine.leave(key("other"), 2, Stage.CHECKING);
    engine.start();
    engine.awaitLateEnd(key("one"));
    assertThat(statuses("other")).isEmpty();
    scheduler.advance(PAUSE);
    engine.awaitEnd(key("other"));
  }

  @Test
  void otherChildrenDoNotWait() throws Exception {
    OperationKey other = new OperationKey(PUMP, "op");
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(scheduler), Optional.empty()));
    Permits allowed = holdInstalls();
    engine.start();
    request("one", "2.0");
    engine.accept(Engine.update(other, "2.0"));
    engine.awaitEnd(other);
    allowed.open();
    engine.awaitEnd(key("one"));
  }
}
