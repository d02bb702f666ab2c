package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.fuota.FakeEsp32;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ESP32 that polls is updated by a request of thin-edge, whatever is killed meanwhile. */
@NullMarked
@IntegrationTest
final class FuotaDaemonTest {
  private static final String SERVING = "Serving 1 child";

  @TempDir Path directory;

  private Gateway gateway;
  private FakeEsp32 device;
  private int port;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    gateway = new Gateway(directory);
    gateway.children(child("meter", "00001"));
    Path certificate = directory.resolve("fuota/127.0.0.1.pem");
    device = new FakeEsp32(directory.resolve("esp32"), "00001", port, certificate).with("1.0");
  }

  private String child(String id, String deviceId) throws IOException {
    Path password =
        Files.writeString(directory.resolve(deviceId + ".password"), "secret-" + deviceId);
    return """
        [[child]]
        id = "%s"
        adapter = "fuota"
        confirm_timeout = "2s"
        version_timeout = "1s"
        [child.fuota]
        listen = "127.0.0.1:%d"
        server_name = "127.0.0.1"
        directory = "%s"
        device_id = "%s"
        username = "%s"
        password_file = "%s"
        check_image = false
        """
        .formatted(id, port, directory.resolve("fuota"), deviceId, deviceId, password);
  }

  @AfterEach
  void close() throws IOException {
    device.close();
    gateway.close();
  }

  @Test
  void itIsUpdated() throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      device.on();
      gateway.send("meter", "op", "2.0");
      assertThat(gateway.awaitEnd("meter", "op"))
          .containsExactly(
              "{\"id\":\"op\",\"status\":\"executing\"}",
              "{\"id\":\"op\",\"status\":\"successful\"}");
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
      assertThat(daemon.log())
          .contains("Devices may poll at 127.0.0.1:" + port, "SHA-256 fingerprint")
          .doesNotContain("secret-");
    }
    assertThat(device.version()).isEqualTo("2.0");
    assertThat(device.fetches()).isEqualTo(1);
  }

  /** None of them is ever switched on, and each is waited for five minutes at a time. */
  @Test
  void aHundredThatDoNotPollKeepNobodyWaiting() throws Exception {
    List<String> absent = IntStream.range(10, 110).mapToObj(i -> "meter" + i).toList();
    for (String child : absent) {
      gateway.children(child(child, child));
    }
    gateway.child("plc");
    gateway.start();
    gateway.awaitServing();
    for (String child : absent) {
      gateway.send(child, "op", "2.0");
    }
    gateway
        .cloud()
        .awaitUntil(all -> absent.stream().allMatch(child -> !gateway.said(child, "op").isEmpty()));
    gateway.send("plc", "op", "2.0");
    assertThat(gateway.awaitEnd("plc", "op").get(1)).contains("successful");
    assertThat(absent).allMatch(child -> gateway.said(child, "op").size() == 1);
    gateway.stop();
  }

  @Test
  void anImageThatItRefusesFails() throws Exception {
    device.with(FakeEsp32.Flaw.REFUSES).on();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("meter", "op", "2.0");
      assertThat(gateway.awaitEnd("meter", "op").get(1))
          .contains("failed", "install-failed: ", "took the image 3 times", "runs 1.0");
    }
    assertThat(device.version()).isEqualTo("1.0");
  }

  @Test
  void aConnectorThatIsKilledOffersItAgain() throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("meter", "op", "2.0");
      daemon.awaitLog("Waiting for the device");
      gateway.awaitStatus("meter");
      daemon.kill();
    }
    device.on();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("meter", "op").get(1)).contains("successful");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.fetches()).isEqualTo(1);
  }

  @Test
  void aConnectorThatIsKilledAfterTheFetchSeesTheNewVersion() throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("meter", "op", "2.0");
      device.on();
      await().until(() -> device.fetches() == 1);
      gateway.awaitStatus("meter");
      daemon.kill();
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("meter", "op").get(1)).contains("successful");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.fetches()).isEqualTo(1);
  }

  @Test
  void aDeviceThatIsSwitchedOffInTheFetchIsUpdatedLater() throws Exception {
    device.with(FakeEsp32.Flaw.LOSES_ITS_CONNECTION).on();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("meter", "op", "2.0");
      assertThat(gateway.awaitEnd("meter", "op").get(1)).contains("successful");
    }
    assertThat(device.version()).isEqualTo("2.0");
  }

  @Test
  void aReloadKeepsTheServerAndWhatIsUnderWay() throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("meter", "op", "2.0");
      daemon.awaitLog("Waiting for the device");
      gateway.children(child("second", "00002"));
      gateway.config();
      daemon.hangUp();
      daemon.awaitLog("The configuration was read again");
      device.on();
      assertThat(gateway.awaitEnd("meter", "op").get(1)).contains("successful");
    }
  }

  @Test
  void aReloadThatCannotBeServedChangesNothing() throws Exception {
    device.on();
    try (Daemon daemon = Daemon.start(gateway.config());
        ServerSocket taken = new ServerSocket(0)) {
      daemon.awaitLog(SERVING);
      String other = child("second", "00002");
      gateway.children(other.replace("127.0.0.1:" + port, "127.0.0.1:" + taken.getLocalPort()));
      gateway.config();
      daemon.hangUp();
      daemon.awaitLog("The configuration cannot be served, so the previous one stays in effect");
      gateway.send("meter", "op", "2.0");
      assertThat(gateway.awaitEnd("meter", "op").get(1)).contains("successful");
      assertThat(daemon.log()).contains("nobody can listen at");
    }
  }

  @Test
  void aPortThatIsTakenKeepsTheDaemonFromStarting() throws Exception {
    try (ServerSocket taken = new ServerSocket(port);
        Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(daemon.log()).contains("nobody can listen at 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void problemsOfTheTableAreAllTold() throws Exception {
    gateway.removeChildren();
    gateway.children(
        """
        [[child]]
        id = "a/b"
        adapter = "fuota"
        [child.fuota]
        listen = "everywhere"
        certificate_file = "/x.pem"
        username = "a:b"
        directory = "relative"
        poll_timeout = "0s"
        management = "0.0.0.0:50080"
        """);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.CONFIG);
      assertThat(daemon.log())
          .contains(
              "fuota.listen", "fuota.certificate_file", "fuota.username", "fuota.password_file")
          .contains("fuota.directory", "fuota.poll_timeout")
          .contains("fuota.management: ", "fuota.management_username")
          .contains("fuota.management_password_file");
    }
  }
}
