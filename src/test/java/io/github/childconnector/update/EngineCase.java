package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An engine whose threads take turns in an order that a seed determines, in several such orders,
 * and what its tests ask again and again. A red run tells its seed; with {@code -Dengine.seed=3}
 * that is the only one.
 */
@ParameterizedClass(name = "seed {0}")
@MethodSource("io.github.childconnector.update.EngineCase#seeds")
abstract class EngineCase {
  static final Failure BAD = new Failure(FailureCode.REQUEST_INVALID, "No url.");
  static final ChildId PUMP = new ChildId("pump");

  /** So short that nothing is due in it. */
  static final Duration MOMENT = Duration.ofNanos(1);

  final Scheduler scheduler;
  final Engine engine;

  @RegisterExtension final TestExecutionExceptionHandler account;

  EngineCase(long seed) {
    scheduler = Scheduler.ofThisThread(seed);
    engine = new Engine(scheduler);
    account =
        (context, cause) -> {
          throw new AssertionError("-Dengine.seed=" + seed + ": " + cause.getMessage(), cause);
        };
  }

  static LongStream seeds() {
    Long only = Long.getLong("engine.seed");
    return only == null ? LongStream.rangeClosed(1, 10) : LongStream.of(only);
  }

  @AfterEach
  void close() {
    engine.close();
    scheduler.close();
  }

  List<OperationStatus> statuses(String id) {
    return engine.statuses.of(key(id)).stream().map(RecordingSink.Report::status).toList();
  }

  /** Waits until these are the statuses of an operation, without any time passing. */
  void awaitStatuses(String id, OperationStatus... expected) {
    engine.await(() -> statuses(id).size() >= expected.length);
    assertThat(statuses(id)).containsExactly(expected);
  }

  /** Waits until this number of ends was told of an operation, without any time passing. */
  void awaitEnds(String id, int number) {
    engine.await(() -> engine.statuses.ends(key(id)).size() == number);
  }

  void awaitStage(String id, Stage stage) {
    engine.awaitStage(id, stage);
  }

  /** Lets no installation go on without a permit. */
  Scheduler.Permits holdInstalls() {
    Scheduler.Permits allowed = scheduler.permits();
    engine.device.install =
        installation -> {
          allowed.acquire();
          engine.device.takeIt(installation);
        };
    return allowed;
  }

  /** Lets no report go on without a permit. */
  Scheduler.Permits holdReports() {
    Scheduler.Permits allowed = scheduler.permits();
    engine.statuses.before = allowed::acquire;
    return allowed;
  }

  /** Lets this many downloads and installations go on at the same time, in the order they came. */
  void narrow(int downloads, int installs) {
    UpdateSettings usual = engine.settings;
    engine.settings =
        new UpdateSettings(
            downloads,
            installs,
            usual.heartbeat(),
            usual.busyRetry(),
            usual.busyTimeout(),
            usual.confirmInterval(),
            usual.shutdownGrace(),
            usual.history());
  }

  /** Lets a stop wait for so long. */
  void keepGrace(Duration grace) {
    UpdateSettings usual = engine.settings;
    engine.settings =
        new UpdateSettings(
            usual.parallelDownloads(),
            usual.parallelInstalls(),
            usual.heartbeat(),
            usual.busyRetry(),
            usual.busyTimeout(),
            usual.confirmInterval(),
            grace,
            usual.history());
  }
}
