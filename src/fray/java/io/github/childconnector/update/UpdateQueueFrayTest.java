package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.HurriedClock;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.FrayTest;

/** The engine's queue, dispatcher and reporter under schedules that Fray chooses. */
@Tag("fray")
@ExtendWith(FrayTestExtension.class)
class UpdateQueueFrayTest {
  private static final OperationKey KEY = Engine.key("op");

  private final HurriedClock clock = new HurriedClock(Reporter.SETTLING);
  private final ScriptedAdapter device = new ScriptedAdapter(clock.threads());
  private final Words words = new Words();

  /** Remembers what was said of the one operation, and lets its end be awaited. */
  private static final class Words implements Requester {
    private final List<String> said = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public synchronized boolean executing(OperationKey operation) {
      said.add("executing");
      return true;
    }

    @Override
    public synchronized boolean ended(OperationKey operation, Outcome outcome) {
      said.add(outcome.status().word());
      ended.countDown();
      return true;
    }

    synchronized List<String> said() {
      return List.copyOf(said);
    }

    synchronized List<String> ends() {
      return said.stream().filter(word -> !word.equals("executing")).toList();
    }
  }

  private Journal journal(FakeDisk disk) {
    return new Journal(Path.of("/operations"), disk, InstantSource.fixed(Instant.EPOCH));
  }

  private UpdateQueue queue(Journal journal) {
    UpdateSettings settings =
        new UpdateSettings(
            1,
            2,
            Engine.HEARTBEAT,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofSeconds(5),
            Duration.ZERO,
            100);
    Ports ports =
        new Ports(
            journal,
            new ScriptedImages(),
            words,
            clock,
            InstantSource.fixed(Instant.EPOCH));
    return new UpdateQueue(
        settings, List.of(Engine.child(Engine.PLC, device, Optional.empty())), ports);
  }

  /** A request sent twice, while the link comes and goes, is carried out once and ends once. */
  @FrayTest(iterations = 1000, resetClassLoaderPerIteration = false)
  void aRequestSentTwiceIsCarriedOutOnce() throws IOException, InterruptedException {
    FirmwareUpdate update = Engine.update(KEY, "2.0");
    Journal journal = journal(new FakeDisk());
    UpdateQueue queue = queue(journal);
    queue.start();
    Thread link =
        new Thread(
            () -> {
              queue.announce();
              queue.linkLost();
              queue.announce();
            });
    link.start();
    queue.accept(update);
    queue.accept(update);
    link.join();
    words.ended.await();
    queue.close();
    assertThat(device.installs).hasValue(1);
    assertThat(words.ends()).isNotEmpty().containsOnly("successful");
    assertThat(words.said().lastIndexOf("executing"))
        .isLessThan(words.said().indexOf("successful"));
    assertThat(journal.find(KEY).orElseThrow().stage()).isEqualTo(Stage.SUCCESSFUL);
  }

  /** A request accepted while the connector stops has one end, in this process or in the next. */
  @FrayTest(iterations = 1000, resetClassLoaderPerIteration = false)
  void aStopAtAnyMomentLosesNothing() throws IOException, InterruptedException {
    FakeDisk disk = new FakeDisk();
    UpdateQueue first = queue(journal(disk));
    first.start();
    Thread stopping = new Thread(first::close);
    stopping.start();
    first.accept(Engine.update(KEY, "2.0"));
    stopping.join();
    UpdateQueue second = queue(journal(disk));
    second.start();
    words.ended.await();
    second.close();
    assertThat(device.installs.get()).isLessThanOrEqualTo(1);
    assertThat(Set.copyOf(words.ends())).hasSize(1);
    assertThat(journal(disk).find(KEY).orElseThrow().stage().isEnd()).isTrue();
  }
}
