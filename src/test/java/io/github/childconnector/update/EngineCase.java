package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An engine on a clock that stands still, and what its tests ask again and again. */
abstract class EngineCase {
  static final Failure BAD = new Failure(FailureCode.REQUEST_INVALID, "No url.");

  static final ChildId PUMP = new ChildId("pump");

  Engine engine;

  @BeforeEach
  void open() {
    engine = new Engine(FakeClock.standing());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  List<OperationStatus> statuses(String id) {
    return engine.statuses.of(key(id)).stream().map(RecordingSink.Report::status).toList();
  }

  void awaitStatuses(String id, OperationStatus... expected) {
    await().untilAsserted(() -> assertThat(statuses(id)).containsExactly(expected));
  }

  Semaphore holdInstalls() {
    Semaphore allowed = new Semaphore(0);
    engine.device.install =
        installation -> {
          allowed.acquire();
          engine.device.takeIt(installation);
        };
    return allowed;
  }

  void awaitStage(String id, Stage stage) {
    await()
        .until(
            () ->
                engine.journal().find(key(id)).map(JournalEntry::stage).equals(Optional.of(stage)));
  }
}
