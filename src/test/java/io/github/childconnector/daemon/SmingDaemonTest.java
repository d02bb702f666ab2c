package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.sming.FakeSmingDevice;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request of thin-edge to a Sming device and back, through the daemon's own process. */
@IntegrationTest
class SmingDaemonTest {
  private static final String TOPIC = "a/test/u/4.3";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  private Gateway gateway;
  private FakeSmingDevice device;
  private String patience = "5m";

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    gateway = new Gateway(directory);
    device =
        FakeSmingDevice.in(directory.resolve("sming"), "4.3.5", gateway.broker.port())
            .saying("weather/state");
  }

  @AfterEach
  void close() throws IOException {
    device.close();
    gateway.close();
  }

  private Daemon start(String... keys) throws IOException {
    gateway.removeChildren();
    gateway.children(
        """
        [[child]]
        id = "weather"
        adapter = "sming"
        confirm_timeout = "%s"
        [child.sming]
        port = %d
        app = "test"
        version_topic = "weather/state"
        version_pointer = "/fw"
        %s
        """
            .formatted(patience, gateway.broker.port(), String.join("\n", keys)));
    // As much memory as the package gives it.
    return Daemon.start(gateway.config(), List.of("-Xmx32m"), Map.of()).awaitLog("Serving 1 child");
  }

  private Daemon startRetaining() throws IOException {
    return start("retained = true", "wire_patch = \"one less\"");
  }

  private void send(String version, byte[] image) throws IOException {
    String url = gateway.files.offer("c/firmware_update/" + version, image);
    gateway
        .cloud()
        .publish(
            Gateway.requestTopic("weather"),
            Gateway.request("op", version, DigestUtils.sha256Hex(image), url));
  }

  private String end() throws IOException {
    List<String> said = gateway.awaitEnd("weather", "op");
    assertThat(said).hasSize(2);
    return said.get(1);
  }

  private void awaitRetained() throws IOException {
    try (RecordingClient client = RecordingClient.connect(gateway.broker.port()).record(TOPIC)) {
      client.awaitTexts(TOPIC, 1);
    }
  }

  @Test
  void theDeviceRunsTheNewVersion() throws Exception {
    device.powerOn();
    byte[] largest = Arrays.copyOf(FakeSmingDevice.image("4.3.6"), (992 << 10) - 14);
    try (Daemon daemon = start()) {
      send("4.3.6", largest);

      assertThat(end()).isEqualTo(SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.image()).isEqualTo(largest);
    assertThat(device.version()).isEqualTo("4.3.6");
    assertThat(device.flashes()).containsExactly("6");
  }

  @Test
  void aDeviceThatComesBackWithTheOldVersionIsAFailure() throws Exception {
    patience = "3s";
    device.powerOn();
    try (Daemon daemon = start()) {
      send("4.3.6", FakeSmingDevice.brokenImage());

      assertThat(end()).contains("not-confirmed: ", "The device runs 4.3.5.");
      assertThat(daemon.stop()).isZero();
    }
    await().untilAsserted(() -> assertThat(device.flashes()).containsExactly("6"));
  }

  @Test
  void aVersionThatDevicesMisreadIsAFailureAtOnce() throws Exception {
    device.powerOn();
    try (Daemon daemon = start()) {
      send("4.3.200", FakeSmingDevice.image("4.3.200"));

      assertThat(end()).contains("request-invalid: ", "above 127", "The device runs 4.3.5.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.flashes()).isEmpty();
  }

  @Test
  void killedWhileTheImageWaitsItRemovesItAndAsksTheDevice() throws Exception {
    patience = "3s";
    device.powerOn();
    device.powerOff();
    try (Daemon daemon = startRetaining()) {
      send("4.3.6", FakeSmingDevice.image("4.3.6"));
      awaitRetained();
      gateway.awaitStatus("weather");
      daemon.kill();
    }
    try (Daemon daemon = startRetaining()) {
      assertThat(end()).contains("interrupted: ", "The device runs 4.3.5.");
      assertThat(daemon.stop()).isZero();
    }
    device.powerOn();
    assertThat(device.flashes()).isEmpty();
  }

  @Test
  void killedWhileTheDeviceFlashesItSeesTheSuccessAndTheDeviceFlashesOnce() throws Exception {
    device.powerOn();
    device.powerOff();
    try (Daemon daemon = startRetaining()) {
      send("4.3.6", FakeSmingDevice.image("4.3.6"));
      awaitRetained();
      gateway.awaitStatus("weather");
      daemon.kill();
    }
    device.powerOn();
    device.awaitVersion("4.3.6");
    try (Daemon daemon = startRetaining()) {
      assertThat(end()).isEqualTo(SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    device.powerOff();
    device.powerOn();
    assertThat(device.flashes()).containsExactly("5");
  }
}
