package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.BrokerWire;
import io.github.childconnector.adapter.drogue.FakeDfuDevice;
import io.github.childconnector.adapter.drogue.FakeDfuDevice.Flaw;
import io.github.childconnector.adapter.drogue.HttpWire;
import io.github.childconnector.adapter.drogue.Wire;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that speaks Drogue DFU is updated by a request of thin-edge, whatever is killed. */
@NullMarked
@IntegrationTest
final class DrogueDaemonTest {
  private static final String SERVING = "Serving 1 child";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;

  private Gateway gateway;
  private FakeDfuDevice device;

  @BeforeEach
  void connect() throws IOException {
    gateway = new Gateway(directory);
    gateway.children(child("port = " + gateway.broker.port()));
    device = at(BrokerWire.plain(gateway.broker.port(), "meter-1"));
  }

  private static FakeDfuDevice at(Wire wire) {
    return new FakeDfuDevice(wire);
  }

  private String child(String... lines) {
    return """
        [[child]]
        id = "meter"
        adapter = "drogue"
        confirm_timeout = "2s"
        version_timeout = "1s"
        [child.drogue]
        device = "meter-1"
        directory = "%s"
        %s
        """
        .formatted(directory.resolve("drogue"), String.join("\n", lines));
  }

  @AfterEach
  void close() throws IOException {
    device.close();
    gateway.close();
  }

  private Daemon start() throws IOException {
    // As much memory as the package gives it.
    return Daemon.start(gateway.config(), List.of("-Xmx32m"), Map.of()).awaitLog(SERVING);
  }

  /** Returns when a device that speaks is heard. */
  private Daemon startHearing() throws IOException {
    return start().awaitLog("Devices are heard at");
  }

  private String end() throws IOException {
    List<String> said = gateway.awaitEnd("meter", "op");
    assertThat(said).hasSize(2);
    return said.get(1);
  }

  @Test
  void itIsUpdated() throws Exception {
    try (Daemon daemon = startHearing()) {
      device.on();
      gateway.send("meter", "op", "2.0");
      assertThat(end()).isEqualTo(SUCCESSFUL);
      await().until(() -> device.count("sync 2.0") > 0);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
    assertThat(device.version()).isEqualTo("2.0");
    assertThat(device.count("write 0")).isEqualTo(1);
    assertThat(device.count("swap")).isEqualTo(1);
  }

  @Test
  void itIsUpdatedByDrogueCloud() throws Exception {
    device.close();
    device = at(BrokerWire.cloud(gateway.broker.port(), "meters", "meter-1"));
    gateway.removeChildren();
    gateway.children(
        child(
            "port = " + gateway.broker.port(),
            "transport = \"drogue-cloud\"",
            "application = \"meters\"",
            "group = \"gateways\""));
    // At the same broker, by a connection that does not throw out the other.
    gateway.children(
        child("port = " + gateway.broker.port())
            .replace("\"meter\"", "\"second\"")
            .replace("meter-1", "meter-2"));
    try (Daemon daemon = Daemon.start(gateway.config()).awaitLog("Serving 2 child")) {
      daemon.awaitLog("(app/meters)");
      device.on();
      gateway.send("meter", "op", "2.0");
      assertThat(end()).isEqualTo(SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.version()).isEqualTo("2.0");
  }

  @Test
  void itIsUpdatedByHttp() throws Exception {
    int port = Mosquitto.freePort();
    Path password = Files.writeString(directory.resolve("password"), "secret-1\n");
    device.close();
    URI uri = URI.create("http://127.0.0.1:" + port + "/v1/dfu?ct=30");
    device = at(new HttpWire(uri, "meter-1@meters:secret-1")).on();
    gateway.removeChildren();
    gateway.children(
        child(
            "transport = \"http\"",
            "application = \"meters\"",
            "listen = \"127.0.0.1:" + port + "\"",
            "password_file = \"" + password + "\""));
    try (Daemon daemon = start()) {
      gateway.send("meter", "op", "2.0");
      assertThat(end()).isEqualTo(SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
      assertThat(daemon.log()).contains("may post to http://127.0.0.1:").doesNotContain("secret");
    }
    assertThat(device.version()).isEqualTo("2.0");
  }

  private String failed(Flaw flaw) throws Exception {
    try (Daemon daemon = startHearing()) {
      device.with(flaw).on();
      gateway.send("meter", "op", "2.0");
      String end = end();
      assertThat(daemon.stop()).isZero();
      return end;
    }
  }

  @Test
  void anImageThatItRevertsFails() throws Exception {
    assertThat(failed(Flaw.REVERTS))
        .contains("failed", "install-failed: ", "2 times: it reverted", "The device runs 1.0.");
    assertThat(device.version()).isEqualTo("1.0");
    assertThat(device.count("swap")).isEqualTo(2);
    List<String> afterSwap =
        device.log().subList(device.log().indexOf("swap"), device.log().size());
    assertThat(afterSwap.get(1)).isEqualTo("sync 1.0");
  }

  @Test
  void aDeviceThatLosesWhatItGotFails() throws Exception {
    assertThat(failed(Flaw.LOSES)).contains("install-failed: ", "restarted 6 times");
    assertThat(device.count("swap")).isZero();
  }

  @Test
  void aDeviceThatLiesFails() throws Exception {
    assertThat(failed(Flaw.LIES)).contains("install-failed: ", "says that it runs dirty");
    await().until(() -> device.count("sync dirty") > 0);
    assertThat(device.count("swap")).isEqualTo(1);
  }

  @Test
  void aDeviceThatDoesNotStartItFails() throws Exception {
    assertThat(failed(Flaw.STAYS)).contains("install-failed: ", "told 3 times to start it");
  }

  @Test
  void aDeviceThatIsRestartedInTheMiddleIsUpdated() throws Exception {
    assertThat(failed(Flaw.LOSES_ONCE)).isEqualTo(SUCCESSFUL);
    assertThat(device.count("write 0")).isEqualTo(2);
  }

  private void killWhen(String told) throws Exception {
    try (Daemon daemon = startHearing()) {
      device.on();
      gateway.send("meter", "op", "2.0");
      await().until(() -> device.count(told) == 1);
      gateway.awaitStatus("meter");
      daemon.kill();
    }
  }

  private void goOn() throws Exception {
    try (Daemon daemon = startHearing()) {
      device.wake();
      assertThat(end()).isEqualTo(SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.version()).isEqualTo("2.0");
  }

  @Test
  void aConnectorThatIsKilledGoesOnWhereTheDeviceIs() throws Exception {
    device.sleepingAt(5000);
    killWhen("write 4096");
    goOn();
    assertThat(device.count("write 0")).isEqualTo(1);
    assertThat(device.count("write 5120")).isEqualTo(1);
  }

  @Test
  void aConnectorThatIsKilledBeforeTheSwapGoesOn() throws Exception {
    device.sleepingAt(Gateway.image("2.0").length);
    killWhen("write 11264");
    goOn();
    assertThat(device.count("write 11264")).isEqualTo(1);
  }

  @Test
  void aConnectorThatIsKilledBeforeTheSyncSaysItLater() throws Exception {
    device.with(Flaw.SLEEPS_AFTER_SWAP);
    killWhen("swap");
    goOn();
    await().until(() -> device.count("sync 2.0") > 0);
    assertThat(device.count("write 0")).isEqualTo(1);
  }

  @Test
  void withoutItsRecordTheConnectorBeginsAgain() throws Exception {
    device.sleepingAt(5000);
    killWhen("write 4096");
    Files.writeString(directory.resolve("drogue/meter.delivery"), "damaged");
    goOn();
    assertThat(device.count("write 0")).isEqualTo(2);
  }

  @Test
  void aReloadKeepsWhatIsUnderWay() throws Exception {
    try (Daemon daemon = startHearing()) {
      device.sleepingAt(5000).on();
      gateway.send("meter", "op", "2.0");
      await().until(() -> device.count("write 4096") == 1);
      gateway.children(
          child("port = " + gateway.broker.port())
              .replace("\"meter\"", "\"second\"")
              .replace("meter-1", "meter-2"));
      gateway.config();
      daemon.hangUp();
      daemon.awaitLog("The configuration was read again");
      device.wake();
      assertThat(end()).isEqualTo(SUCCESSFUL);
    }
    assertThat(device.count("write 0")).isEqualTo(1);
  }

  @Test
  void problemsOfTheTableAreAllTold() throws Exception {
    gateway.removeChildren();
    gateway.children(
        child(
            "transport = \"http\"",
            "host = \"tcp://broker\"",
            "listen = \"everywhere\"",
            "group = \"a/b\"",
            "username = \"a:b\"",
            "cert_file = \"/x.pem\"",
            "alignment = 2048",
            "padding = \"255\"",
            "poll_timeout = \"0s\""));
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.CONFIG);
      assertThat(daemon.log())
          .contains("drogue.listen", "drogue.group", "drogue.username", "drogue.password_file")
          .contains("drogue.cert_file", "drogue.alignment", "drogue.padding", "drogue.poll_timeout")
          .contains("drogue.application", "drogue.host");
    }
  }

  @Test
  void problemsOfTheBrokerAreTold() throws Exception {
    gateway.removeChildren();
    gateway.children(
        child(
            "transport = \"drogue-cloud\"",
            "client_id = \"  \"",
            "password_file = \"/x\"",
            "cert_file = \"/x.pem\"",
            "key_file = \"/x.key\"",
            "max_block = 0"));
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.CONFIG);
      assertThat(daemon.log())
          .contains("drogue.client_id", "drogue.password_file", "needs username too")
          .contains("needs ca_file too", "drogue.max_block", "drogue.application");
    }
  }
}
