package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A fault that lasts as long as the process, in the middle of an operation. */
class LastingFaultTest extends EngineCase {
  private final NoClassDefFoundError fault = new NoClassDefFoundError("could not be loaded");

  LastingFaultTest(long seed) {
    super(seed);
    engine.device.read =
        () -> {
          throw fault;
        };
  }

  private Operation checking(boolean isCutOff) {
    FirmwareUpdate update = Engine.update(key("op"), "2.0");
    JournalEntry entry =
        JournalEntry.accepted(update, 1, engine.time.instant())
            .enter(Stage.CHECKING, Optional.empty(), engine.time.instant());
    DeviceCalls calls = new DeviceCalls(engine.children.get(0), scheduler);
    return new Operation(calls, update, entry, isCutOff);
  }

  private UpdateWorker worker() {
    Ports ports =
        new Ports(
            engine.journal(), engine.images, List.of(engine.statuses), scheduler, engine.time);
    return new UpdateWorker(engine.settings, ports, new Recorder(ports), new Room(List::of));
  }

  @Test
  void isLeftToTheNextProcess() {
    assertThatThrownBy(() -> worker().work(checking(false))).isSameAs(fault);
  }

  @Test
  void endsTheOperationThatHadLeftItBefore() throws Exception {
    assertThat(worker().work(checking(true)).next()).isEqualTo(Stage.FAILED);
  }
}
