package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is in the log, or otherwise to be seen, that a power cut could still undo. */
class WriteThenSayTest extends EngineCase {
  private static final Logger LOG = Logger.getLogger("io.github.childconnector.update");

  private final JournalComparison comparison = new JournalComparison();

  WriteThenSayTest(long seed) {
    super(seed);
  }

  /** Compares each line about the one operation with what the journal then says of it. */
  private final class JournalComparison extends Handler {
    private final List<String> stages = new ArrayList<>();
    private final List<String> early = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      String message = line.getMessage();
      int stage = message.indexOf(" stage=");
      if (stage >= 0) {
        compare(message.substring(stage + " stage=".length()), message);
      }
    }

    private void compare(String stage, String message) {
      stages.add(stage);
      String durable = durableStage();
      if (!durable.equals(stage)) {
        early.add(message + ", but the journal says: " + durable);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private String durableStage() {
    try {
      Optional<JournalEntry> entry = engine.journal().find(key("op"));
      return entry.isPresent() ? entry.get().stage().word() : "nothing";
    } catch (IOException e) {
      return e.toString();
    }
  }

  @BeforeEach
  void listen() {
    LOG.addHandler(comparison);
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(comparison);
  }

  @Test
  void eachStageIsInTheJournalBeforeItIsLogged() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    assertThat(comparison.early).isEmpty();
    assertThat(comparison.stages)
        .contains(
            "queued", "checking", "fetching", "ready", "installing", "confirming", "successful");
  }

  @Test
  void aFailureIsInTheJournalBeforeItIsLogged() throws InterruptedException {
    engine.device.canRestore = true;
    engine.device.install =
        installation -> {
          throw ScriptedAdapter.unreadable();
        };
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
    assertThat(comparison.early).isEmpty();
    assertThat(comparison.stages).contains("rolling_back", "failed");
  }

  @Test
  void aRefusalIsInTheJournalBeforeItIsLogged() throws InterruptedException {
    engine.start();
    engine.refuse(key("op"), new Failure(FailureCode.REQUEST_INVALID, "No url."));
    engine.awaitEnd(key("op"));
    assertThat(comparison.early).isEmpty();
    assertThat(comparison.stages).contains("failed");
  }

  @Test
  void anEndThatTheDiskDoesNotTakeIsNotLogged() throws Exception {
    engine.device.version = "2.0";
    engine.device.read =
        () -> {
          engine.disk.breakAfter(0);
          return "2.0";
        };
    engine.start();
    try (RecordingLog log = RecordingLog.of(LOG.getName())) {
      engine.request("op", "2.0");
      engine.await(() -> !engine.disk.failed().isEmpty());
      assertThat(log.lines()).noneMatch(line -> line.contains("was not flashed"));
      engine.disk.repair();
      engine.awaitLateEnd(key("op"));
      assertThat(log.lines()).anyMatch(line -> line.contains("was not flashed"));
    }
    assertThat(comparison.early).isEmpty();
  }
}
