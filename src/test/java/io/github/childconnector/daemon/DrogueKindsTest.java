package io.github.childconnector.daemon;

import static io.github.childconnector.world.DrogueBench.GOOD;
import static io.github.childconnector.world.DrogueBench.OLD;
import static io.github.childconnector.world.DrogueBench.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Firmware;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import io.github.childconnector.adapter.drogue.device.Ways;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.DrogueBench;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices of all kinds that are in the field, each updated as far as that is safe. */
@NullMarked
@IntegrationTest
final class DrogueKindsTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private DrogueBench bench;
  private Path directory;

  @BeforeEach
  void open(@TempDir Path temporary) throws IOException {
    directory = temporary;
    bench = new DrogueBench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static Map<String, Traits> kinds() {
    Map<String, Traits> kinds = new LinkedHashMap<>();
    kinds.put("named", DrogueBench.traits().named());
    kinds.put("readme", DrogueBench.traits().with(Flaw.SPEAKS_README));
    kinds.put("numbering", DrogueBench.traits().with(Flaw.SENDS_CORRELATION_IDS));
    kinds.put("changing", DrogueBench.traits().mtu(512, 64, 200));
    kinds.put("sleeping", DrogueBench.traits().backoff(SHORT).with(Flaw.SLEEPS));
    kinds.put("checking", DrogueBench.traits().with(Flaw.CHECKS_DIGEST));
    kinds.put("slow", DrogueBench.traits().erasing(Duration.ofSeconds(2)));
    kinds.put("trusting", DrogueBench.traits().with(Flaw.TAKES_ANY_OFFSET));
    // It takes a second answer for another block.
    kinds.put(
        "repeating",
        DrogueBench.traits().with(Flaw.SAYS_TWICE, Flaw.TAKES_LATE_ANSWERS, Flaw.TAKES_ANY_OFFSET));
    kinds.put(
        "real", DrogueBench.traits().with(Flaw.UPDATER_KEEPS_OFFSET, Flaw.MANAGER_KEEPS_OFFSET));
    return kinds;
  }

  @Test
  void allAreUpdated() throws Exception {
    Map<String, FakeDrogueDevice> devices = new LinkedHashMap<>();
    for (Map.Entry<String, Traits> kind : kinds().entrySet()) {
      bench.child(kind.getKey());
      devices.put(kind.getKey(), bench.device(kind.getKey(), kind.getValue()));
    }
    try (Daemon daemon = bench.start()) {
      for (Map.Entry<String, FakeDrogueDevice> each : devices.entrySet()) {
        each.getValue().powerOn(bench.ways(each.getKey()));
        bench.send(each.getKey(), GOOD);
      }
      for (Map.Entry<String, FakeDrogueDevice> each : devices.entrySet()) {
        assertThat(bench.end(each.getKey())).as(each.getKey()).isEqualTo(SUCCESSFUL);
        assertThat(each.getValue().holds(GOOD)).as(each.getKey()).isTrue();
        await(each.getKey()).until(each.getValue()::isConfirmed);
      }
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void aDeviceThatPostsIsUpdated() throws Exception {
    int port = DrogueBench.freePort();
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    bench.child(
        "poster",
        "transport = \"http\"",
        "application = \"meters\"",
        "listen = \"127.0.0.1:" + port + "\"",
        "password_file = \"" + password + "\"");
    try (Daemon daemon = bench.start();
        FakeDrogueDevice device = bench.device("poster", DrogueBench.traits())) {
      URI server = URI.create("http://127.0.0.1:" + port);
      device.powerOn(Ways.http(server, "poster@meters", "secret"));
      bench.send("poster", GOOD);
      assertThat(bench.end("poster")).isEqualTo(SUCCESSFUL);
      assertThat(device.holds(GOOD)).isTrue();
      assertThat(daemon.stop()).isZero();
    }
  }

  /** Its next offset is that of an update that came to nothing, also when it is asked again. */
  @Test
  void aDeviceWithStaleStateIsNotToldToSwap() throws Exception {
    Traits broken =
        DrogueBench.traits()
            .mtu(128)
            .backoff(SHORT)
            .with(Flaw.UPDATER_KEEPS_OFFSET, Flaw.MANAGER_KEEPS_OFFSET);
    endInTheMiddleAndSend(
        broken,
        device -> {
          assertThat(bench.end("stale")).contains("install-failed: ", "stale transfer state");
          assertThat(device.count("swap")).isZero();
          assertThat(device.holds(OLD)).isTrue();
        });
  }

  /** What the updater of devices does: it counts on, until a sync has it look at what there is. */
  @Test
  void aDeviceThatCountsOnTakesTheNextImageAfterOneThatEndedInTheMiddle() throws Exception {
    Traits real = DrogueBench.traits().mtu(128).backoff(SHORT).with(Flaw.UPDATER_KEEPS_OFFSET);
    endInTheMiddleAndSend(
        real,
        device -> {
          assertThat(bench.end("stale")).isEqualTo(SUCCESSFUL);
          assertThat(device.holds(GOOD)).isTrue();
        });
  }

  /** The rest of a test, given the device. */
  private interface Rest {
    void run(FakeDrogueDevice device) throws Exception;
  }

  private void endInTheMiddleAndSend(Traits traits, Rest rest) throws Exception {
    staleChild("2s");
    try (Daemon daemon = bench.start();
        FakeDrogueDevice device = bench.device("stale", traits)) {
      device.powerOn(bench.ways("stale"));
      int tries = 0;
      do {
        // Where all stands still it comes to nothing before the device has got any of it.
        String operation = "try" + ++tries;
        bench.send("stale", operation, "3.0", Firmware.image("3.0", 1900));
        assertThat(bench.gateway.awaitEnd("stale", operation).get(1)).contains("install-timeout: ");
      } while (device.count("written") == 0 && tries < 5);
      bench.gateway.removeChildren();
      staleChild("5m");
      bench.gateway.config();
      daemon.hangUp();
      daemon.awaitLog("The configuration was read again");
      bench.send("stale", GOOD);
      rest.run(device);
      assertThat(daemon.stop()).isZero();
    }
  }

  private void staleChild(String installTimeout) {
    bench.gateway.children(
        """
        [[child]]
        id = "stale"
        adapter = "drogue"
        install_timeout = "%s"
        confirm_timeout = "1s"
        [child.drogue]
        port = %d
        directory = "%s"
        """
            .formatted(
                installTimeout, bench.gateway.broker.port(), directory.resolve("deliveries")));
  }
}
