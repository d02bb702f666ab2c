package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a value comes from, and what follows from it for others. */
@NullMarked
final class ConfigSourcesTest {
  @TempDir private Path directory = Path.of(".");
  private Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() {
    workplace = new Workplace(directory).file("there.pem", "");
  }

  @Test
  void mergesFilesInTheOrderOfTheirNames() throws ConfigurationException {
    workplace
        .file("connector.toml", "[mqtt]\nport = 1\nclient_id = 'main'\n" + child("a"))
        .file("conf.d/20.toml", "[mqtt]\nport = 3\n" + child("c"))
        .file("conf.d/10.toml", "[mqtt]\nport = 2\nhost = 'ten'\n" + child("b"))
        .file("conf.d/.#10.toml", "an editor has left this")
        .file("conf.d/30.toml.bak", "this is not read");

    ConnectorConfig config = workplace.load();

    assertThat(config.mqtt().port()).isEqualTo(3);
    assertThat(config.mqtt().host()).isEqualTo("ten");
    assertThat(config.mqtt().clientId()).isEqualTo("main");
    assertThat(config.children())
        .extracting(child -> child.id().value())
        .containsExactly("a", "b", "c");
  }

  private static String child(String id) {
    return "[[child]]\nid = '" + id + "'\nadapter = 'command'\ncommand = {install = ['flash']}\n";
  }

  @Test
  void prefersOurFileToTheEnvironmentToThinEdgesFile() throws ConfigurationException {
    workplace
        .file("connector.toml", "[mqtt]\nhost = 'ours'\n")
        .variable("TEDGE_MQTT_CLIENT_HOST", "variable")
        .variable("TEDGE_MQTT_CLIENT_AUTH_USERNAME", "variable")
        .file(
            "tedge/tedge.toml",
            "mqtt = {client = {host = 'file', port = 4, auth = {username = 'file'}}}");

    ConnectorConfig config = workplace.load();

    assertThat(config.mqtt().host()).isEqualTo("ours");
    assertThat(config.mqtt().login()).map(MqttSettings.Login::username).contains("variable");
    assertThat(config.mqtt().port()).isEqualTo(4);
  }

  @Test
  void prefersConfigDirInOurFileToTheEnvironment() throws ConfigurationException {
    workplace
        .file("connector.toml", "[thin_edge]\nconfig_dir = '$DIR/other'\n")
        .file("tedge/tedge.toml", "mqtt.client.port = 4\n")
        .file("other/tedge.toml", "mqtt.client.port = 5\n");

    assertThat(workplace.load().mqtt().port()).isEqualTo(5);
  }

  @Test
  void speaksTlsToTheBrokerAsThinEdgeDoes() throws ConfigurationException {
    thinEdgeWithTls().file("connector.toml", "");

    ConnectorConfig config = workplace.load();

    Path pem = directory.resolve("there.pem");
    Optional<Identity> identity = Optional.of(new Identity(pem, pem));
    assertThat(config.mqtt().tls()).contains(new TlsSettings(Optional.of(directory), identity));
    assertThat(config.mqtt().login()).contains(new MqttSettings.Login("thin", Optional.of(pem)));
    assertThat(config.download().tls()).isEqualTo(new TlsSettings(Optional.empty(), identity));
  }

  @Test
  void takesPairsFromOnePlaceOnly() throws ConfigurationException {
    thinEdgeWithTls()
        .file(
            "connector.toml",
            "[mqtt]\nusername = 'ours'\ncert_file = ''\n[download]\nkey_file = ''\n");

    ConnectorConfig config = workplace.load();

    assertThat(config.mqtt().login()).contains(new MqttSettings.Login("ours", Optional.empty()));
    assertThat(config.mqtt().tls())
        .contains(new TlsSettings(Optional.of(directory), Optional.empty()));
    assertThat(config.download().tls().identity()).isEmpty();
  }

  @Test
  void speaksNoTlsIfOurFileSaysSo() throws ConfigurationException {
    thinEdgeWithTls().file("connector.toml", "[mqtt]\nca_file = ''\nusername = ''\n");

    MqttSettings mqtt = workplace.load().mqtt();

    assertThat(mqtt.tls()).isEmpty();
    assertThat(mqtt.login()).isEmpty();
  }

  private Workplace thinEdgeWithTls() {
    return workplace.file(
        "tedge/tedge.toml",
        """
        [mqtt.client.auth]
        ca_dir = "$DIR"
        cert_file = "$DIR/there.pem"
        key_file = "$DIR/there.pem"
        username = "thin"
        password_file = "$DIR/there.pem"
        [http.client.auth]
        cert_file = "$DIR/there.pem"
        key_file = "$DIR/there.pem"
        """);
  }

  @ParameterizedTest(name = "{0} of silence allow {1} between two signs of life")
  @CsvSource({"2s, 1s", "10s, 2500ms", "4m, 1m", "20m, 5m", "7d, 5m"})
  void beatsFourTimesInThinEdgesTimeoutByDefault(String timeout, String heartbeat)
      throws ConfigurationException {
    workplace.file("connector.toml", "[thin_edge]\nupdate_timeout = '" + timeout + "'\n");

    assertThat(workplace.load().updates().heartbeat())
        .isEqualTo(DurationText.parse(heartbeat).orElseThrow());
  }

  @ParameterizedTest(name = "broker {0} stands in for loopback addresses: {1}")
  @CsvSource({
    "127.0.0.1, ''",
    "127.1.2.3, ''",
    "LOCALHOST, ''",
    "[::1], ''",
    "127.example.com, 127.example.com",
    "10.0.0.1, 10.0.0.1",
    "[FE80::1], fe80::1"
  })
  void fetchesFromTheBrokersHostUnlessItIsHere(String broker, String gateway)
      throws ConfigurationException {
    workplace.file("connector.toml", "[mqtt]\nhost = '" + broker + "'\n");

    DownloadSettings download = workplace.load().download();

    assertThat(download.gatewayHost().orElse("")).isEqualTo(gateway);
    assertThat(download.allowedHosts()).containsAll(download.gatewayHost().stream().toList());
  }

  @Test
  void allowsTheHostsThinEdgeNames() throws ConfigurationException {
    workplace
        .file("connector.toml", "")
        .file(
            "tedge/tedge.toml",
            "http.client.host = 'Files'\nc8y.proxy.client.host = '[::2]'\nmqtt.client.host = 'b'\n");

    assertThat(workplace.load().download().allowedHosts())
        .containsExactlyInAnyOrder("b", "files", "::2", "127.0.0.1", "localhost", "::1");
  }

  @Test
  void allowsOnlyTheGatewayBesideTheHostsItIsGiven() throws ConfigurationException {
    workplace.file(
        "connector.toml",
        "[mqtt]\nhost = 'b'\n[download]\nallowed_hosts = ['a']\ngateway_host = 'g'\n");

    assertThat(workplace.load().download().allowedHosts()).containsExactlyInAnyOrder("a", "g");
  }
}
