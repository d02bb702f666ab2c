package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.Threads.Worker;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler.Permits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stop waits for, and for how long. */
class ShutdownGraceTest extends EngineCase {
  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final OperationKey OTHER = new OperationKey(PUMP, "other");

  private final ScriptedAdapter pump = new ScriptedAdapter(scheduler);
  private final Permits stopping = scheduler.permits();
  private boolean installing;

  ShutdownGraceTest(long seed) {
    super(seed);
  }

  private interface Install {
    void run(ScriptedAdapter device) throws UpdateException;
  }

  /** A second child, whose first reading of the version is interrupted when the stop begins. */
  @BeforeEach
  void letThePumpSeeTheStop() {
    engine.children.add(Engine.child(PUMP, pump, Optional.empty()));
    keepGrace(GRACE);
    pump.read =
        () -> {
          try {
            pump.hang();
            return "";
          } finally {
            stopping.open();
          }
        };
  }

  /** Lets an installation last until the stop has begun. */
  private void installDuringTheStop(Install end) {
    engine.device.install =
        installation -> {
          installing = true;
          stopping.acquire();
          end.run(engine.device);
        };
  }

  private void begin() throws InterruptedException {
    engine.start();
    engine.accept(Engine.update(OTHER, "2.0"));
    engine.await(pump::isHanging);
    engine.request("op", "2.0");
    engine.await(() -> installing || engine.device.isHanging());
  }

  private Worker stop() throws InterruptedException {
    begin();
    Worker stop = scheduler.thread("stop", engine::close);
    stop.start();
    engine.await(stopping::areLeft);
    return stop;
  }

  private void awaitEnd(Worker stop) {
    engine.await(() -> !stop.isAlive());
  }

  /** Stops, without any time passing. */
  private void stopToTheEnd() throws Exception {
    awaitEnd(stop());
  }

  private Stage stage(OperationKey key) {
    return engine.find(key).orElseThrow().stage();
  }

  @Test
  void aDeviceThatIsBeingWrittenIsWrittenToTheEnd() throws Exception {
    installDuringTheStop(device -> device.version = "2.0");
    stopToTheEnd();
    assertThat(stage(key("op"))).isEqualTo(Stage.CONFIRMING);
    assertThat(stage(OTHER)).isEqualTo(Stage.CHECKING);

    pump.read = () -> "2.0";
    engine.start();
    engine.awaitEnd(key("op"));
    engine.awaitEnd(OTHER);
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void anEndDuringTheStopIsToldByTheSameProcess() throws Exception {
    engine.device.canRead = false;
    installDuringTheStop(device -> {});
    stopToTheEnd();
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
    assertThat(engine.journal().find(key("op")).orElseThrow().reported()).isTrue();
  }

  @Test
  void whatFailsDuringTheStopIsRestored() throws Exception {
    engine.device.canRestore = true;
    installDuringTheStop(
        device -> {
          throw new UpdateException(FailureCode.INSTALL_FAILED, "It broke.");
        });
    stopToTheEnd();
    assertThat(engine.device.rollbacks).hasValue(1);
    assertThat(engine.statuses.words(key("op")))
        .containsExactly("executing", "failed install-failed");
  }

  @Test
  void nothingNewBegins() throws Exception {
    installDuringTheStop(device -> device.version = "2.0");
    Worker stop = stop();
    engine.request("next", "3.0");
    awaitEnd(stop);
    assertThat(engine.device.order).containsExactly("op");
    assertThat(stage(key("next"))).isEqualTo(Stage.QUEUED);
  }

  @Test
  void whatIsJustAboutToBeginDoesNot() throws Exception {
    engine.images.finding =
        () -> {
          installing = true;
          scheduler.await(stopping::areLeft);
        };
    stopToTheEnd();
    assertThat(stage(key("op"))).isEqualTo(Stage.READY);
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aDeviceThatIsOnlyWatchedIsNotWaitedFor() throws Exception {
    engine.device.read =
        () -> {
          if (engine.device.installs.get() > 0) {
            engine.device.hang();
          }
          return "1.0";
        };
    stopToTheEnd();
    assertThat(stage(key("op"))).isEqualTo(Stage.CONFIRMING);
  }

  @Test
  void whenTheGraceIsOverTheNextProcessAsksTheDevice() throws Exception {
    engine.device.install = installation -> engine.device.hang();
    Worker stop = stop();
    scheduler.advance(GRACE.minus(MOMENT));
    assertThat(stop.isAlive()).isTrue();
    scheduler.advance(MOMENT);
    awaitEnd(stop);
    assertThat(stage(key("op"))).isEqualTo(Stage.INSTALLING);

    engine.device.version = "2.0";
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  private Duration stopTime() {
    long before = scheduler.nanoTime();
    engine.stop();
    return Duration.ofNanos(scheduler.nanoTime() - before);
  }

  @Test
  void anEndThatOnlyTheJournalDoesNotTakeHoldsNoStopUp() throws Exception {
    engine.device.install =
        installation -> {
          engine.device.takeIt(installation);
          engine.disk.fail(0, Integer.MAX_VALUE, "No space left on device");
        };
    engine.start();
    engine.request("op", "2.0");
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(engine.queue().changingDevices()).isZero();
    assertThat(stopTime()).isLessThan(Duration.ofSeconds(1));
    engine.disk.fail(0, 0, "");
    engine.start();
    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).contains("successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void aDeviceThatWasNeverOpenedHoldsNoStopUp() throws Exception {
    engine.images.finding = () -> engine.disk.fail(0, Integer.MAX_VALUE, "No space left on device");
    engine.start();
    engine.request("op", "2.0");
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(engine.queue().changingDevices()).isZero();
    assertThat(stopTime()).isLessThan(Duration.ofSeconds(1));
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aStopGoesOnWhenTheJournalTakesNoEndAnyMore() throws Exception {
    Permits written = scheduler.permits();
    engine.device.install =
        installation -> {
          written.acquire();
          engine.device.takeIt(installation);
          engine.disk.fail(0, Integer.MAX_VALUE, "No space left on device");
        };
    engine.start();
    engine.request("op", "2.0");
    awaitStage("op", Stage.INSTALLING);
    scheduler.schedule(Duration.ofSeconds(5), written::open);
    assertThat(stopTime()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(8));
  }
}
