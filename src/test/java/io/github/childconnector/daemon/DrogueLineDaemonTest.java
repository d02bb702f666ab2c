package io.github.childconnector.daemon;

import static io.github.childconnector.world.DrogueBench.GOOD;
import static io.github.childconnector.world.DrogueBench.OLD;
import static io.github.childconnector.world.DrogueBench.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.FakeCable;
import io.github.childconnector.adapter.drogue.device.DeviceProcess;
import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Firmware;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.adapter.drogue.device.Ways;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.DrogueBench;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request of thin-edge to Drogue devices that are wired to the gateway, and back. */
@NullMarked
@IntegrationTest
final class DrogueLineDaemonTest {
  private static final int FRAME = 1024;
  private static final List<String> STEPS =
      List.of("erase#2", "write#2", "swap#1", "state#2", "copy#5", "boot#2", "status#6");

  private DrogueBench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    bench = new DrogueBench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private FakeCable cable() throws IOException {
    FakeCable cable = FakeCable.in(bench.directory("dev"));
    bench.child("plc", "transport = \"serial\"", "device = \"" + cable.port() + "\"");
    return cable;
  }

  private int tcp(String child) throws IOException {
    int port = DrogueBench.freePort();
    bench.child(child, "transport = \"tcp\"", "address = \"127.0.0.1:" + port + "\"");
    return port;
  }

  @Test
  void aDeviceAtASerialPortIsUpdated() throws Exception {
    try (FakeCable cable = cable();
        FakeDrogueDevice device = bench.device("plc", DrogueBench.traits());
        Daemon daemon = bench.start()) {
      device.powerOn(Ways.tty(cable.deviceEnd(), FRAME));
      daemon.awaitLog("The device at " + cable.port() + " speaks");
      bench.send("plc", GOOD);
      assertThat(bench.end("plc")).isEqualTo(SUCCESSFUL);
      assertThat(device.holds(GOOD)).isTrue();
      await().until(device::isConfirmed);
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void anImageThatCrashesIsRevertedAndFails() throws Exception {
    try (FakeCable cable = cable();
        FakeDrogueDevice device = bench.device("plc", DrogueBench.traits());
        Daemon daemon = bench.start()) {
      device.powerOn(Ways.tty(cable.deviceEnd(), FRAME));
      bench.send("plc", DrogueBench.CRASHING);
      assertThat(bench.end("plc")).contains("install-failed: ", "reverted to its old version");
      assertThat(device.holds(OLD)).isTrue();
      assertThat(device.boots()).contains("crash on trial");
      assertThat(daemon.stop()).isZero();
    }
  }

  /** Whoever believes its first status tells a success that is none. */
  @Test
  void anImageThatCrashesOnceItHasSpokenFails() throws Exception {
    Firmware firmware = new Firmware("2.0", Firmware.Conduct.CRASHES_ONCE_IT_SPOKE);
    int port = tcp("plc");
    try (ServerSocket listening = new ServerSocket(port);
        FakeDrogueDevice device = bench.device("plc", DrogueBench.traits());
        Daemon daemon = bench.start()) {
      listening.setSoTimeout(1000);
      // Its old version would else be all that is seen, where the connector stood still meanwhile.
      device.steps(step -> holdRevert(step, daemon)).powerOn(Ways.tcp(listening));
      bench.send("plc", Firmware.image(firmware, 1800));
      assertThat(bench.end("plc"))
          .contains("install-failed: ", "ran version 2.0 and then 1.0", "Send the update again.");
      assertThat(device.holds(OLD)).isTrue();
      assertThat(daemon.stop()).isZero();
    }
  }

  private static void holdRevert(String step, Daemon daemon) {
    if (step.equals("boot#3")) {
      daemon.awaitLog("stage=confirming");
    }
  }

  @Test
  void aCableThatIsPulledOutIsNoFailure() throws Exception {
    Traits slow = DrogueBench.traits().mtu(128).backoff(Duration.ofMillis(100));
    try (FakeCable cable = cable();
        FakeDrogueDevice device = bench.device("plc", slow);
        Daemon daemon = bench.start()) {
      device.powerOn(Ways.tty(cable.deviceEnd(), FRAME));
      bench.send("plc", GOOD);
      await().until(() -> device.count("written") > 1);
      cable.unplug();
      daemon.awaitLog("there is no such device; plug it in");
      cable.plug();
      assertThat(bench.end("plc")).isEqualTo(SUCCESSFUL);
      // Its power was never gone, so that it went on where it was.
      assertThat(device.count("start")).isEqualTo(1);
      assertThat(daemon.stop()).isZero();
    }
  }

  /** The reader of the port must be gone too, or nobody could open it again. */
  @Test
  void aConnectorThatIsKilledGoesOnWhereTheDeviceIs() throws Exception {
    Traits slow = DrogueBench.traits().mtu(128).backoff(Duration.ofMillis(50));
    try (FakeCable cable = cable();
        FakeDrogueDevice device = bench.device("plc", slow)) {
      try (Daemon daemon = bench.start()) {
        device.powerOn(Ways.tty(cable.deviceEnd(), FRAME));
        bench.send("plc", GOOD);
        await().until(() -> device.count("written") > 3);
        daemon.kill();
      }
      try (Daemon daemon = bench.start()) {
        assertThat(bench.end("plc")).isEqualTo(SUCCESSFUL);
        assertThat(daemon.log()).doesNotContain("another program uses it");
        assertThat(daemon.stop()).isZero();
      }
      assertThat(device.count("start")).isEqualTo(1);
      assertThat(device.holds(GOOD)).isTrue();
    }
  }

  /** Each is a process of its own that gets a SIGKILL at its step, and is started again. */
  @Test
  void devicesThatAreKilledAreUpdatedLater() throws Exception {
    Map<String, String> ports = new LinkedHashMap<>();
    for (String step : STEPS) {
      ports.put(step, Integer.toString(tcp(child(step))));
      bench.device(child(step), DrogueBench.traits());
    }
    try (Daemon daemon = bench.start()) {
      for (String step : STEPS) {
        bench.send(child(step), GOOD);
      }
      each(ports, true);
      each(ports, false);
      assertThat(daemon.stop()).isZero();
    }
  }

  /** All at the same time, so that they wait for each other at the most. */
  private void each(Map<String, String> ports, boolean isToDie) throws Exception {
    Map<String, DeviceProcess> devices = new LinkedHashMap<>();
    try {
      for (String step : STEPS) {
        devices.put(step, device(step, ports, isToDie ? "--at=" + step : "--backoff=0"));
      }
      for (Map.Entry<String, DeviceProcess> device : devices.entrySet()) {
        if (isToDie) {
          device.getValue().awaitStep(device.getKey());
          device.getValue().kill();
        } else {
          assertKept(device.getKey());
        }
      }
    } finally {
      for (DeviceProcess device : devices.values()) {
        device.close();
      }
    }
  }

  private static String child(String step) {
    return step.replace('#', '-');
  }

  private DeviceProcess device(String step, Map<String, String> ports, String option)
      throws IOException {
    String port = Objects.requireNonNull(ports.get(step));
    String flash = bench.flash(child(step)).toString();
    return DeviceProcess.start(flash, "--pages=4", "--timeout=15000", option, "tcp", port);
  }

  private void assertKept(String step) throws IOException {
    assertThat(bench.end(child(step))).as(step).isEqualTo(SUCCESSFUL);
    FakeDrogueDevice flash = FakeDrogueDevice.in(bench.flash(child(step)), DrogueBench.traits());
    assertThat(flash.holds(GOOD)).as(step).isTrue();
    assertThat(flash.isConfirmed()).as(step).isTrue();
  }
}
