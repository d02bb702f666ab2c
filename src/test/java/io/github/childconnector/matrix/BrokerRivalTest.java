package io.github.childconnector.matrix;

import static io.github.childconnector.world.Gateway.requestTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.MemoryDevices;
import io.github.childconnector.world.RecordingLog;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import io.github.childconnector.world.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second connector on another machine, with a copy of the configuration. */
@Tag("matrix")
@IntegrationTest
class BrokerRivalTest {
  private static final Tally TALLY = new Tally("rivals");

  /** Each is asked once: of a child's second operation is not spoken right after the first. */
  private static final int CHILDREN = 10;

  @TempDir Path directory;
  private final MemoryDevices devices = new MemoryDevices();
  private Gateway gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new Gateway(directory).on(connector());
    for (int i = 0; i < CHILDREN; i++) {
      gateway.children(MemoryDevices.child(child(i)));
    }
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  private static String child(int number) {
    return "plc" + number;
  }

  private TestConnector connector() {
    return TestConnector.ofThisMachine().families(List.of(devices)).links(FastLinks::watchful);
  }

  private TestConnector.Running copy() throws Exception {
    String own = Files.readString(gateway.config());
    String storage = gateway.storage().toString();
    Path copy =
        Files.writeString(
            directory.resolve("copy.toml"), own.replace(storage, storage + "-of-copy"));
    return connector().open(connector().loader().load(copy));
  }

  @Test
  void theOperatorIsToldAndEveryRequestHasOneEnd() throws Exception {
    try (RecordingLog log = RecordingLog.of(TestConnector.LOG);
        TestConnector.Running rival = copy()) {
      gateway.start();
      gateway.broker.awaitSaved(requestTopic(child(CHILDREN - 1)));
      gateway.awaitServing();
      rival.start();
      for (int i = 0; i < CHILDREN; i++) {
        gateway.send(child(i), "op" + i, "v" + i);
      }
      await("the operator is told")
          .until(() -> log.lines().stream().anyMatch(BrokerRivalTest::namesTheRival));
      for (int i = 0; i < CHILDREN; i++) {
        // The other may say that it is executing behind the end that the first has told.
        assertThat(gateway.awaitEnd(child(i), "op" + i))
            .anyMatch(status -> status.contains("successful"));
      }
    }
    gateway.send(child(0), "after", "v-after");
    gateway.awaitEnd(child(0), "after");
    judge();
  }

  private static boolean namesTheRival(String line) {
    return line.startsWith("WARNING Waiting for the broker")
        && line.contains("another client probably uses the client id \"tedge-child-connector\"");
  }

  private void judge() {
    TALLY.add(Count.RUNS, 2);
    TALLY.add(Count.POINTS, 1);
    Verdict verdict = new Verdict(gateway, TALLY);
    for (int i = 0; i < CHILDREN; i++) {
      shared(verdict, child(i), "op" + i);
    }
    verdict.operation(child(0), "after", devices.installed(child(0)));
    assertThat(verdict.faults()).isEmpty();
  }

  /** What one has taken in before it could say so is taken in, told and done by the other too. */
  private void shared(Verdict verdict, String child, String id) {
    TALLY.add(Count.OPERATIONS, 1);
    TALLY.add(Count.FLASHES, Collections.frequency(devices.installed(child), id));
    List<String> ends =
        gateway.said(child, id).stream().filter(status -> !status.contains("executing")).toList();
    if (ends.size() != 1) {
      verdict.note(Count.CONTRADICTIONS, id + " has not one end: " + ends);
    }
    if (!devices.installed(child).contains(id)) {
      verdict.note(Count.CONTRADICTIONS, id + " was not installed: " + ends);
    }
  }
}
