package io.github.childconnector.matrix;

import static io.github.childconnector.world.Gateway.requestTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.mqtt.CuttableProxy;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.world.Footprint;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.MemoryDevices;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import io.github.childconnector.world.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that comes and goes all day must not wear the connector out. */
@Tag("matrix")
@IntegrationTest
class BrokerRestartTest {
  private static final Tally TALLY = new Tally("restarts");
  private static final int ROUNDS = 50;
  private static final int WARM_UP = 10;
  private static final long HEAP_TOLERANCE = 2 << 20;
  private static final List<String> CHILDREN = List.of("a", "b", "c");

  @TempDir Path directory;
  private final MemoryDevices devices = new MemoryDevices();
  private Gateway gateway;
  private CuttableProxy network;

  @BeforeEach
  void open() throws Exception {

    gateway = new Gateway(directory);
    network = CuttableProxy.to(gateway.broker.port());
    gateway
        .mqtt("port = " + network.port())
        .on(TestConnector.ofThisMachine().families(List.of(devices)).links(FastLinks::watchful));
    CHILDREN.forEach(child -> gateway.children(MemoryDevices.child(child)));
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
    network.close();
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  @Test
  void fiftyRestartsLeaveNothingBehindAndLoseNothing() throws Exception {
    gateway.start();
    TALLY.add(Count.RUNS, 1);
    CHILDREN.forEach(child -> gateway.broker.awaitSaved(requestTopic(child)));
    gateway.awaitServing();
    for (int round = 0; round < WARM_UP; round++) {
      interrupt(round);
    }
    awaitEnds(WARM_UP);
    // Just while the link is down there is less than usual.
    Footprint before = Footprint.takeForASecond();
    for (int round = WARM_UP; round < ROUNDS; round++) {
      interrupt(round);
    }
    awaitEnds(ROUNDS);
    judge(before);
  }

  /** A request is on its way at each interruption, and another is sent while the link is down. */
  private void interrupt(int round) throws Exception {
    TALLY.add(Count.POINTS, 1);
    network.breakDown();
    if (round % 3 == 0) {
      gateway.broker.save();
      gateway.broker.kill();
    } else if (round % 3 == 1) {
      gateway.broker.stop();
    }
    if (round % 3 < 2) {
      gateway.broker.restart();
      gateway.reconnectCloud();
    }
    gateway.send(child(round), operation(round), "v" + round);
    network.restore();
    await("round " + round + " is accepted")
        .until(() -> !gateway.said(child(round), operation(round)).isEmpty());
  }

  private static String child(int round) {
    return CHILDREN.get(round % CHILDREN.size());
  }

  private static String operation(int round) {
    return "round-" + round;
  }

  private void awaitEnds(int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      gateway.awaitEnd(child(round), operation(round));
    }
  }

  private void judge(Footprint before) throws Exception {
    Verdict verdict = new Verdict(gateway, TALLY);
    for (int round = 0; round < ROUNDS; round++) {
      verdict.operation(child(round), operation(round), devices.installed(child(round)));
    }
    awaitLeaks(before).forEach(leak -> verdict.note(Count.LEAKS, leak));
    assertThat(verdict.faults()).isEmpty();
  }

  /** What is left behind for good, and not only until something has ended that ends by itself. */
  private static List<String> awaitLeaks(Footprint before) throws InterruptedException {
    long begin = System.nanoTime();
    List<String> leaks = leaks(before);
    while (!leaks.isEmpty() && System.nanoTime() - begin < Patience.LONGEST.toNanos()) {
      Thread.sleep(100);
      leaks = leaks(before);
    }
    return leaks;
  }

  private static List<String> leaks(Footprint before) {
    Footprint after = Footprint.take();
    String change = "from " + before + " to " + after;
    List<String> leaks = new ArrayList<>();
    if (after.threads() > before.threads() + 1) {
      leaks.add("threads: " + change);
    }
    if (after.descriptors() > before.descriptors() + 4) {
      leaks.add("descriptors: " + change);
    }
    if (after.heap() > before.heap() + HEAP_TOLERANCE) {
      leaks.add("heap: " + change);
    }
    return leaks;
  }
}
