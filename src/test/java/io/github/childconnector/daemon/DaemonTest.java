package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.systemd.NotifyListener;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process: how it starts, is killed, and stops. */
@IntegrationTest
class DaemonTest {
  private static final String SERVING = "Serving 1 child";

  @TempDir Path directory;
  private Gateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  @Test
  void itLoadsNeitherTheCommandLineNorTheHttpClientBeforeTheyAreNeeded() throws Exception {
    gateway.child("plc");
    Path classes = directory.resolve("classes");
    try (Daemon daemon =
        Daemon.start(gateway.config(), List.of("-Xlog:class+load:file=" + classes), Map.of())) {
      daemon.awaitLog(SERVING);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
    assertThat(Files.readString(classes))
        .contains("org.eclipse.paho")
        .doesNotContain("picocli")
        .doesNotContain("jdk.internal.net.http.HttpClientImpl");
  }

  @Test
  void itStopsInOrder() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
      assertThat(daemon.log()).contains("Stopping").endsWith("Stopped\n").doesNotContain("ERROR");
    }
  }

  @Test
  void aStopWhileTheBrokerIsAwayIsNoDifferent() throws Exception {
    gateway.child("plc");
    gateway.broker.stop();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog("Waiting for the broker");
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
    gateway.broker.restart();
  }

  @Test
  void systemdIsToldThatItServesAndStops() throws Exception {
    gateway.child("plc");
    try (NotifyListener systemd = NotifyListener.in(directory);
        Daemon daemon =
            Daemon.start(
                gateway.config(),
                List.of(),
                Map.of("NOTIFY_SOCKET", systemd.socket(), "JOURNAL_STREAM", "8:1"))) {
      daemon.awaitLog("<6>" + SERVING);
      systemd.awaitLine("STATUS=" + SERVING).awaitLine("READY=1");
      daemon.stop();
      String address = "127.0.0.1:" + gateway.broker.port();
      assertThat(systemd.untilStopped())
          .contains("READY=1", "STATUS=Serving 1 child on the broker at " + address)
          .endsWith("STOPPING=1");
    }
  }

  @Test
  void systemdIsToldThatItWaitsForTheBroker() throws Exception {
    gateway.child("plc");
    gateway.broker.stop();
    try (NotifyListener systemd = NotifyListener.in(directory);
        Daemon daemon =
            Daemon.start(gateway.config(), List.of(), Map.of("NOTIFY_SOCKET", systemd.socket()))) {
      daemon.awaitLog("Waiting for the broker");
      systemd.awaitLine("STATUS=Waiting for the broker").awaitLine("READY=1");
      daemon.stop();
      assertThat(systemd.untilStopped())
          .contains("READY=1")
          .anyMatch(line -> line.startsWith("STATUS=Waiting for the broker"));
    }
    gateway.broker.restart();
  }

  @Test
  void systemdsWatchdogIsFed() throws Exception {
    gateway.child("plc");
    try (NotifyListener systemd = NotifyListener.in(directory);
        Daemon daemon =
            Daemon.start(
                gateway.config(),
                List.of(),
                Map.of("NOTIFY_SOCKET", systemd.socket(), "WATCHDOG_USEC", "200000"))) {
      daemon.awaitLog(SERVING);
      gateway.send("plc", "op", "2.0");
      gateway.awaitEnd("plc", "op");
      systemd.awaitLine("WATCHDOG=1");
      daemon.stop();
      assertThat(systemd.untilStopped()).contains("WATCHDOG=1");
    }
  }

  @Test
  void aWrongConfigurationIsRefusedWithAllItsProblems() throws Exception {
    gateway.child("plc", "instal_timeout = \"5m\"", "confirm_timeout = 5");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.CONFIG);
      assertThat(daemon.log())
          .contains("instal_timeout", "did you mean \"install_timeout\"", "confirm_timeout");
    }
  }

  @Test
  void aStorageDirectoryInUseIsRefused() throws Exception {
    gateway.child("plc");
    gateway.start();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(daemon.log()).contains("another connector uses it");
    }
  }

  @Test
  void killedWhileFetchingItGoesOn() throws Exception {
    FakeDevice device = gateway.child("plc");
    gateway.files.hold();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("plc", "op", "2.0");
      await().until(() -> gateway.files.requests() == 1);
      gateway.awaitStatus("plc");
      daemon.kill();
    }
    gateway.files.release();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("plc", "op"))
          .containsExactly(
              "{\"id\":\"op\",\"status\":\"executing\"}",
              "{\"id\":\"op\",\"status\":\"successful\"}");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void killedWhileInstallingItAsksTheDevice() throws Exception {
    FakeDevice device = gateway.child("plc", "confirm_timeout = \"2s\"").hangs();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("plc", "op", "2.0");
      await().until(device::isInstalling);
      gateway.awaitStatus("plc");
      daemon.kill();
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("plc", "op").get(1))
          .contains("interrupted: ", "The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void stoppedWhileInstallingItLetsTheDeviceBeWritten() throws Exception {
    FakeDevice device = gateway.set("updates", "shutdown_grace", "\"1m\"").child("plc").waits();
    try (NotifyListener systemd = NotifyListener.in(directory);
        Daemon daemon =
            Daemon.start(gateway.config(), List.of(), Map.of("NOTIFY_SOCKET", systemd.socket()))) {
      daemon.awaitLog(SERVING);
      gateway.send("plc", "op", "2.0");
      await().until(device::isInstalling);
      gateway.awaitStatus("plc");
      daemon.terminate();
      daemon.awaitLog("The connector stops, and waits at most");
      systemd.awaitLine("STATUS=Stopping");
      device.goesOn();
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.OK);
      assertThat(systemd.untilStopped())
          .contains(
              "STATUS=Stopping; waits at most 1m for 1 of its devices to be written",
              "EXTEND_TIMEOUT_USEC=150000000");
    }
    assertThat(device.version()).isEqualTo("2.0");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("plc", "op"))
          .containsExactly(
              "{\"id\":\"op\",\"status\":\"executing\"}",
              "{\"id\":\"op\",\"status\":\"successful\"}");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void aRequestIsNotAcknowledgedBeforeItIsInTheJournal() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      Path operations = gateway.storage().resolve("operations");
      Files.delete(operations);
      gateway.send("plc", "op", "2.0");
      daemon.awaitLog("The journal cannot be used");
      daemon.kill();
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("plc", "op"))
          .contains("{\"id\":\"op\",\"status\":\"successful\"}");
      assertThat(daemon.stop()).isZero();
    }
  }
}
