package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.image.FetchProgress;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.Ports;
import io.github.childconnector.update.Requester;
import io.github.childconnector.update.UpdateQueue;
import io.github.childconnector.update.UpdateSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with a message, and when it is acknowledged. */
@NullMarked
class LegacyRequestsTest {
  private static final ChildId PLC = new ChildId("plc");
  private static final OperationKey KEY = new OperationKey(PLC, "op");
  private static final String TOPIC = "tedge/plc/commands/req/firmware_update";
  private static final String GOOD =
      "{\"id\":\"op\",\"name\":\"fw\",\"version\":\"2\",\"url\":\"http://gw/fw\",\"sha256\":\""
          + "ab".repeat(32)
          + "\"}";

  @TempDir Path directory;
  private final BrokenDisk disk = new BrokenDisk();
  private final FakeClock clock = FakeClock.standing();
  private Optional<UpdateQueue> queue = Optional.empty();

  /** Remembers what the journal held at the moment of its first acknowledgement. */
  private final class RecordingDelivery {
    private final Delivery message;
    private volatile Optional<Optional<JournalEntry>> acknowledged = Optional.empty();

    private RecordingDelivery(String topic, String payload, boolean retained) {
      byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
      message = new Delivery(topic, bytes, Map.of(), retained, this::acknowledge);
    }

    private void acknowledge() {
      try {
        if (acknowledged.isEmpty()) {
          acknowledged = Optional.of(journal().find(KEY));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private Optional<JournalEntry> known() {
      return acknowledged.orElseThrow();
    }
  }

  /** Whoever fetches waits for ever. */
  private static final class HangingImages implements ImageSource {
    @Override
    public void check(String url) {}

    @Override
    public FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
        throws InterruptedException {
      return fetch(url, progress);
    }

    @Override
    public FirmwareImage fetch(String url, FetchProgress progress) throws InterruptedException {
      new CountDownLatch(1).await();
      throw new AssertionError();
    }

    @Override
    public Duration deadline() {
      return Duration.ofHours(1);
    }

    @Override
    public Optional<FirmwareImage> find(Sha256 digest) {
      return Optional.empty();
    }

    @Override
    public void prune(Set<Sha256> needed, Set<String> urls) {}
  }

  /** Takes every report. */
  private static final class DeafSink implements Requester {
    @Override
    public String name() {
      return Request.LEGACY;
    }

    @Override
    public boolean executing(OperationKey operation) {
      return true;
    }

    @Override
    public boolean ended(OperationKey operation, Outcome outcome) {
      return true;
    }
  }

  private Journal journal() {
    return new Journal(directory, disk, InstantSource.system());
  }

  @BeforeEach
  void start() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    UpdateQueue engine =
        new UpdateQueue(
            new UpdateSettings(1, 1, minute, minute, minute, minute, Duration.ZERO, 10),
            List.of(new Child(PLC, (i, p) -> {}, Optional.empty(), minute, minute, minute)),
            new Ports(
                journal(),
                new HangingImages(),
                List.of(new DeafSink()),
                clock,
                InstantSource.system()));
    queue = Optional.of(engine);
    engine.start();
  }

  @AfterEach
  void close() {
    queue.ifPresent(UpdateQueue::close);
  }

  private RecordingDelivery receive(String topic, String payload, boolean retained)
      throws InterruptedException {
    RecordingDelivery delivery = new RecordingDelivery(topic, payload, retained);
    receive(delivery.message);
    return delivery;
  }

  private void receive(Delivery delivery) throws InterruptedException {
    LegacyTopics topics = new LegacyTopics(Map.of(PLC, PLC));
    new LegacyRequests(topics, queue.orElseThrow()).receive(delivery);
  }

  @Test
  void aRequestIsInTheJournalBeforeItIsAcknowledged() throws InterruptedException {
    assertThat(receive(TOPIC, GOOD, false).known()).isPresent();
  }

  @Test
  void aRefusalIsInTheJournalBeforeItIsAcknowledged() throws InterruptedException {
    assertThat(receive(TOPIC, "{\"id\":\"op\"}", false).known().map(JournalEntry::stage))
        .contains(Stage.FAILED);
  }

  @Test
  void aRetainedRequestIsRefused() throws InterruptedException {
    assertThat(receive(TOPIC, GOOD, true).known().map(JournalEntry::stage)).contains(Stage.FAILED);
  }

  @Test
  void whatCannotBeAnsweredIsAcknowledgedAllTheSame() throws InterruptedException {
    assertThat(receive(TOPIC, "", false).known()).isEmpty();
    assertThat(receive(TOPIC, "garbage", false).known()).isEmpty();
    assertThat(receive("tedge/plc/other", GOOD, false).known()).isEmpty();
  }

  @Test
  void aRequestStaysWithTheBrokerWhileTheJournalCannotBeWritten() throws Exception {
    RecordingDelivery delivery = new RecordingDelivery(TOPIC, GOOD, false);
    disk.breakAfter(3);
    Thread receiving = new Thread(() -> take(delivery.message));
    receiving.start();
    clock.awaitSleepers(1);
    assertThat(delivery.acknowledged).isEmpty();

    disk.repair();
    clock.advance(Duration.ofMinutes(1));
    receiving.join(90_000);

    assertThat(delivery.known()).isPresent();
  }

  @Test
  void aRequestThatAStopInterruptsStaysWithTheBroker() throws Exception {
    RecordingDelivery delivery = new RecordingDelivery(TOPIC, GOOD, false);
    disk.breakAfter(0);
    Thread receiving = new Thread(() -> take(delivery.message));
    receiving.start();
    clock.awaitSleepers(1);
    receiving.interrupt();
    receiving.join(90_000);
    disk.repair();
    assertThat(delivery.acknowledged).isEmpty();
  }

  private void take(Delivery delivery) {
    try {
      receive(delivery);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
