package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.disk.UnforcedDisk;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.mqtt.RecordingClient.Message;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Footprint;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.MemoryDevices;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import io.github.childconnector.world.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has gathered at the broker while the connector was away. */
@Tag("matrix")
@IntegrationTest
class BrokerBacklogTest {
  private static final Tally TALLY = new Tally("backlog");
  private static final int CHILDREN = 125;
  private static final int ROUNDS = 8;
  private static final long GENEROUS = 24 << 20;
  private static final String LARGEST = "{\"id\":\"large\",\"x\":\"" + "x".repeat(250_000) + "\"}";

  @TempDir Path directory;
  private final MemoryDevices devices = new MemoryDevices();
  private Gateway gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  private static List<String> children() {
    return IntStream.range(0, CHILDREN).mapToObj(i -> "child" + i).toList();
  }

  private static String operation(String child, int round) {
    return child + "-" + round;
  }

  @Test
  void aThousandRequestsAreServedInTheOrderOfEachChildWithinBoundedMemory() throws Exception {
    gateway.on(
        TestConnector.ofThisMachine()
            .families(List.of(devices))
            .disk(new UnforcedDisk())
            .links(FastLinks::watchful));
    children().forEach(child -> gateway.children(MemoryDevices.child(child)));
    gateway.start();
    gateway.broker.awaitSaved(Gateway.requestTopic("child" + (CHILDREN - 1)));
    gateway.awaitServing();
    gateway.stop();
    sendAll();
    long before = Footprint.heapInUse();
    gateway.start();
    TALLY.add(Count.RUNS, 2);
    TALLY.add(Count.POINTS, 1);
    assertThat(largestHeapUntilAllHaveEnded() - before).isLessThan(GENEROUS);
    judge();
  }

  private void sendAll() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (String child : children()) {
        gateway.send(child, operation(child, round), "v" + round);
      }
    }
  }

  private long largestHeapUntilAllHaveEnded() throws Exception {
    List<Long> heaps = new ArrayList<>();
    await("all have ended")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              heaps.add(Footprint.heapInUse());
              return ends() >= CHILDREN * ROUNDS;
            });
    return heaps.stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  /** Each once, because an end is told again where the link was lost behind it. */
  private long ends() throws Exception {
    return gateway.cloud().messages().stream()
        .map(Message::text)
        .filter(text -> !text.contains("\"executing\""))
        .distinct()
        .count();
  }

  private void judge() {
    Verdict verdict = new Verdict(gateway, TALLY);
    for (String child : children()) {
      List<String> sent =
          IntStream.range(0, ROUNDS).mapToObj(round -> operation(child, round)).toList();
      assertThat(devices.installed(child)).as("the order of " + child).isEqualTo(sent);
      sent.forEach(id -> verdict.operation(child, id, devices.installed(child)));
    }
    assertThat(verdict.faults()).isEmpty();
  }

  /** One that is fatal would come again at every start. */
  @Test
  void manyLargeMessagesAtOnceFitInTheDaemonsMemory() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog("Serving 1 child");
      gateway.broker.awaitSaved(Gateway.requestTopic("plc"));
      daemon.stop();
    }
    for (int i = 0; i < 20; i++) {
      gateway.cloud().publish(Gateway.requestTopic("plc"), LARGEST);
    }
    gateway.send("plc", "op", "2.0");
    List<String> small = List.of("-Xmx32m", "-XX:+ExitOnOutOfMemoryError");
    try (Daemon daemon = Daemon.start(gateway.config(), small, Map.of())) {
      assertThat(gateway.awaitEnd("plc", "op")).last().asString().contains("successful");
      assertThat(daemon.stop()).isZero();
    }
  }
}
