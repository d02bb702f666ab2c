package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.config.ConnectorConfig.ThinEdge;
import io.github.childconnector.config.FakeCommandProvider.FakeAdapter;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.UpdateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All keys together: read, left out, and shown as what counts in the end. */
@NullMarked
final class EffectiveConfigTest {
  private static final String EVERYTHING =
      """
      [mqtt]
      host = "Broker.local"
      port = 8883
      client_id = "connector-7"
      username = "u"
      password_file = "$DIR/there.pem"
      ca_file = "$DIR"
      cert_file = "$DIR/there.pem"
      key_file = "$DIR/there.pem"
      [thin_edge]
      protocols = ["v1", "legacy"]
      update_timeout = "1d"
      heartbeat = "90s"
      [storage]
      directory = "/srv/connector/"
      history = 7
      [download]
      max_size = 1048577
      min_free = "0"
      attempts = 2
      stall_timeout = "1500ms"
      deadline = "1h30m"
      allowed_hosts = ["A.example", "[FE80::1]", "a.example"]
      gateway_host = "10.0.0.1"
      ca_file = "$DIR/there.pem"
      cert_file = "$DIR/there.pem"
      key_file = "$DIR/there.pem"
      [updates]
      parallel_downloads = 1
      parallel_installs = 8
      busy_retry = "1s"
      busy_timeout = "2s"
      confirm_interval = "3s"
      shutdown_grace = "0s"
      [[child]]
      id = "plc-1"
      external_id = "gateway7:device:plc-1"
      adapter = "command"
      bus = "rs485"
      install_timeout = "4s"
      confirm_timeout = "5s"
      version_timeout = "6s"
      [child.command]
      install = ["flash", "", "ünï\\"\\\\\\u0007"]
      read_version = ["version"]
      environment = { TOKEN = "4711", "a b" = "" }
      repeatable = true
      stop_grace = "7s"
      """;

  @TempDir private Path directory = Path.of(".");
  private Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() {
    workplace = new Workplace(directory).file("there.pem", "");
  }

  @Test
  void readsEveryKey() throws ConfigurationException {
    workplace.file("connector.toml", EVERYTHING);

    Path pem = directory.resolve("there.pem");
    Optional<Identity> identity = Optional.of(new Identity(pem, pem));
    ChildId plc = new ChildId("plc-1");
    assertThat(workplace.load())
        .isEqualTo(
            new ConnectorConfig(
                new MqttSettings(
                    "broker.local",
                    8883,
                    "connector-7",
                    Optional.of(new MqttSettings.Login("u", Optional.of(pem))),
                    Optional.of(new TlsSettings(Optional.of(directory), identity)),
                    true),
                new ThinEdge(
                    directory.resolve("tedge"), Duration.ofDays(1), Set.of("legacy", "v1"), "te"),
                Path.of("/srv/connector"),
                new DownloadSettings(
                    1048577,
                    0,
                    2,
                    Duration.ofMillis(1500),
                    Duration.ofMinutes(90),
                    Set.of("a.example", "fe80::1", "10.0.0.1"),
                    Optional.of("10.0.0.1"),
                    new TlsSettings(Optional.of(pem), identity)),
                new UpdateSettings(
                    1,
                    8,
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    Duration.ZERO,
                    7),
                List.of(
                    new Child(
                        plc,
                        new FakeAdapter(
                            plc,
                            List.of("flash", "", "ünï\"\\\u0007"),
                            Optional.of(List.of("version")),
                            Optional.empty(),
                            Optional.empty(),
                            2,
                            true,
                            Duration.ofSeconds(7)),
                        Optional.of("rs485"),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6))),
                Map.of(plc, new ChildId("gateway7:device:plc-1"))));
  }

  @Test
  void hasADefaultForEveryKey() throws ConfigurationException {
    workplace.file("connector.toml", "");

    assertThat(workplace.load())
        .isEqualTo(
            new ConnectorConfig(
                new MqttSettings(
                    "127.0.0.1",
                    1883,
                    "tedge-child-connector",
                    Optional.empty(),
                    Optional.empty(),
                    true),
                new ThinEdge(
                    directory.resolve("tedge"), Duration.ofHours(1), Set.of("legacy"), "te"),
                Path.of("/var/lib/tedge-child-connector"),
                new DownloadSettings(
                    2147483648L,
                    67108864,
                    10,
                    Duration.ofSeconds(60),
                    Duration.ofHours(1),
                    Set.of("127.0.0.1", "localhost", "::1"),
                    Optional.empty(),
                    new TlsSettings(Optional.empty(), Optional.empty())),
                new UpdateSettings(
                    2,
                    4,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(2),
                    100),
                List.of(),
                Map.of()));
  }

  @Test
  void showsWhatCountsAndWhereItComesFrom() throws ConfigurationException {
    workplace
        .file(
            "connector.toml",
            """
            [storage]
            history = 7
            [[child]]
            id = "plc 1"
            adapter = "command"
            install_timeout = "90m"
            [child.command]
            install = ["flash", "{image}"] # not a shell
            environment = { TOKEN = "4711", "a b" = "4712" }
            """)
        .file("conf.d/download.toml", "\n[download]\nmax_size = 1536\nca_file = ''\n")
        .file(
            "tedge/tedge.toml",
            """
            [mqtt]
            client.host = "192.0.2.1"
            client.port = 1884
            [http.client]
            host = "files.local"
            [firmware.child.update]
            timeout = "2min"
            """)
        .variable("TEDGE_MQTT_CLIENT_PORT", "1885");

    assertThat(workplace.effective().replace(directory.toString(), "$DIR"))
        .isEqualTo(
            """
            [mqtt]
            host = "192.0.2.1" # tedge.toml:2
            port = 1885 # TEDGE_MQTT_CLIENT_PORT
            client_id = "tedge-child-connector"
            username = ""
            password_file = ""
            ca_file = ""
            cert_file = ""
            key_file = ""

            [thin_edge]
            config_dir = "$DIR/tedge" # TEDGE_CONFIG_DIR
            protocols = ["legacy"]
            update_timeout = "2m" # tedge.toml:7
            heartbeat = "30s"

            [storage]
            directory = "/var/lib/tedge-child-connector"
            history = 7 # connector.toml:2

            [download]
            max_size = "1536" # conf.d/download.toml:3
            min_free = "64MiB"
            attempts = 10
            stall_timeout = "1m"
            deadline = "1h"
            allowed_hosts = ["192.0.2.1", "files.local", "127.0.0.1", "localhost", "::1"]
            gateway_host = "192.0.2.1"
            ca_file = "" # conf.d/download.toml:4
            cert_file = ""
            key_file = ""

            [updates]
            parallel_downloads = 2
            parallel_installs = 4
            busy_retry = "30s"
            busy_timeout = "1h"
            confirm_interval = "5s"
            shutdown_grace = "2m"

            [[child]]
            id = "plc 1" # connector.toml:4
            external_id = "plc 1"
            adapter = "command" # connector.toml:5
            bus = ""
            install_timeout = "1h30m" # connector.toml:6
            confirm_timeout = "5m"
            version_timeout = "30s"

            [child.command]
            install = ["flash", "{image}"] # connector.toml:8
            read_version = []
            rollback = []
            working_directory = ""
            environment = { TOKEN = "********", "a b" = "********" } # connector.toml:9
            repeatable = false
            stop_grace = "10s"
            """);
  }

  @Test
  void readsTheEffectiveConfigurationAsTheSame() throws ConfigurationException {
    workplace.file("connector.toml", EVERYTHING);
    ConnectorConfig loaded = workplace.load();
    workplace.file("again/connector.toml", workplace.effective());

    assertThat(workplace.load("again/connector.toml")).isEqualTo(loaded);
  }

  @Test
  void readsTheEffectiveDefaultsAsTheSame() throws ConfigurationException {
    workplace.file("connector.toml", "");
    ConnectorConfig loaded = workplace.load();
    workplace.file("again/connector.toml", workplace.effective());

    assertThat(workplace.load("again/connector.toml")).isEqualTo(loaded);
  }
}
