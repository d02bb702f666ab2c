package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stop waits for, and for how long; on a clock that stands still, so never by itself. */
@Timeout(300)
class ShutdownGraceTest extends EngineCase {
  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final OperationKey OTHER = new OperationKey(PUMP, "other");

  private final ScriptedAdapter pump = new ScriptedAdapter();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private interface Install {
    void run(ScriptedAdapter device) throws UpdateException;
  }

  /** A second child, whose first reading of the version is interrupted when the stop begins. */
  @BeforeEach
  void letThePumpSeeTheStop() {
    engine.children.add(Engine.child(PUMP, pump, Optional.empty()));
    engine.settings = withGrace(engine.settings);
    pump.read =
        () -> {
          try {
            pump.hang();
            return "";
          } finally {
            stopping.countDown();
          }
        };
  }

  /** A test that failed has left something to wait for. */
  @AfterEach
  void stopWithoutPatience() {
    CompletableFuture<Void> stop = CompletableFuture.runAsync(engine::close);
    await()
        .until(
            () -> {
              engine.clock.advance(GRACE);
              return stop.isDone();
            });
  }

  private static UpdateSettings withGrace(UpdateSettings usual) {
    return new UpdateSettings(
        usual.parallelDownloads(),
        usual.parallelInstalls(),
        usual.heartbeat(),
        usual.busyRetry(),
        usual.busyTimeout(),
        usual.confirmInterval(),
        GRACE,
        usual.history());
  }

  /** Lets an installation last until the stop has begun. */
  private void installDuringTheStop(Install end) {
    engine.device.install =
        installation -> {
          engine.device.hanging.countDown();
          stopping.await();
          end.run(engine.device);
        };
  }

  private CompletableFuture<Void> stop() throws InterruptedException {
    engine.start();
    engine.queue().accept(Engine.update(OTHER, "2.0"));
    pump.hanging.await();
    engine.request("op", "2.0");
    engine.device.hanging.await();
    return CompletableFuture.runAsync(engine::close);
  }

  private void stopToTheEnd() throws Exception {
    stop().get(90, TimeUnit.SECONDS);
  }

  private Stage stage(OperationKey key) throws Exception {
    return engine.journal().find(key).orElseThrow().stage();
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
    CompletableFuture<Void> stop = stop();
    stopping.await();
    engine.request("next", "3.0");
    stop.get(90, TimeUnit.SECONDS);
    assertThat(engine.device.order).containsExactly("op");
    assertThat(stage(key("next"))).isEqualTo(Stage.QUEUED);
  }

  @Test
  void whatIsJustAboutToBeginDoesNot() throws Exception {
    engine.images.finding =
        () -> {
          engine.device.hanging.countDown();
          awaitInSpiteOfInterrupts(stopping);
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
    CompletableFuture<Void> stop = stop();
    stopping.await();
    await().until(() -> engine.clock.awaits(GRACE));
    assertThat(stop).isNotDone();
    engine.clock.advance(GRACE);
    stop.get(90, TimeUnit.SECONDS);
    assertThat(stage(key("op"))).isEqualTo(Stage.INSTALLING);

    engine.device.version = "2.0";
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  private static void awaitInSpiteOfInterrupts(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      awaitInSpiteOfInterrupts(latch);
    }
  }
}
