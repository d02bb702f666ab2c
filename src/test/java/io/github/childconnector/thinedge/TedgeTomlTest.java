package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.thinedge.TedgeToml.HumanTime;
import io.github.childconnector.thinedge.TedgeToml.Problem;
import io.github.childconnector.thinedge.TedgeToml.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thin-edge's own configuration, in all its forms. */
@NullMarked
final class TedgeTomlTest {
  private static final String VERSION_2 =
      """
      [config]
      version = "2"

      [mqtt]
      topic_root = "root"
      bind.port = 1111

      [mqtt.client]
      host = "broker"
      port = 1884

      [mqtt.client.auth]
      ca_file = "/ca.pem"
      ca_dir = "/ca"
      cert_file = "/cert.pem"
      key_file = "/key.pem"
      username = "user"
      password_file = "/password"

      [http.client]
      host = "files"
      auth = { cert_file = "/http-cert.pem", key_file = "/http-key.pem" }

      [c8y]
      url = "example.cumulocity.com"
      proxy.client.host = "proxy"

      [firmware.child.update]
      timeout = "1h 30min"

      [something.of.a.plugin]
      colour = "red"
      """;

  @TempDir private Path directory = Path.of(".");
  private final Map<String, String> environment = new HashMap<>();

  private TedgeToml read(String toml) {
    try {
      Files.writeString(directory.resolve("tedge.toml"), toml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return read();
  }

  private TedgeToml read() {
    return TedgeToml.read(directory, name -> Optional.ofNullable(environment.get(name)));
  }

  private static <T> Optional<Setting<T>> set(T value, String key, int line) {
    return Optional.of(new Setting<>(value, key, "tedge.toml", line));
  }

  /** Thin-edge 2.0 writes there, and looks nowhere else then. */
  @Test
  void theMapperHasAFileOfItsOwn() throws IOException {
    Path mapper = Files.createDirectories(directory.resolve("mappers/c8y"));
    assertThat(read(VERSION_2).proxyHost()).map(Setting::value).contains("proxy");

    Files.writeString(mapper.resolve("mapper.toml"), "# a\n[proxy.client]\nhost = \"other\"\n");
    assertThat(read(VERSION_2).proxyHost())
        .contains(new Setting<>("other", "c8y.proxy.client.host", "mappers/c8y/mapper.toml", 3));
    assertThat(read(VERSION_2).mqttHost()).map(Setting::value).contains("broker");

    Files.writeString(mapper.resolve("mapper.toml"), "url = \"example\"\n");
    assertThat(read(VERSION_2).proxyHost()).isEmpty();
    environment.put("TEDGE_C8Y_PROXY_CLIENT_HOST", "third");
    assertThat(read(VERSION_2).proxyHost()).map(Setting::value).contains("third");
  }

  @Test
  void aByteOrderMarkAndLongCommentsAreNoProblem() {
    TedgeToml toml = read("\ufeff" + "# comment\n".repeat(4000) + VERSION_2);

    assertThat(toml.problems()).isEmpty();
    assertThat(toml.mqttHost().orElseThrow().line()).isEqualTo(4009);
  }

  @Test
  void readsVersion2() {
    assertThat(read(VERSION_2))
        .isEqualTo(
            new TedgeToml(
                directory,
                true,
                set("broker", "mqtt.client.host", 9),
                set(1884L, "mqtt.client.port", 10),
                set("/ca.pem", "mqtt.client.auth.ca_file", 13),
                set("/ca", "mqtt.client.auth.ca_dir", 14),
                set("/cert.pem", "mqtt.client.auth.cert_file", 15),
                set("/key.pem", "mqtt.client.auth.key_file", 16),
                set("user", "mqtt.client.auth.username", 17),
                set("/password", "mqtt.client.auth.password_file", 18),
                set("files", "http.client.host", 21),
                set("/http-cert.pem", "http.client.auth.cert_file", 22),
                set("/http-key.pem", "http.client.auth.key_file", 22),
                set("proxy", "c8y.proxy.client.host", 26),
                set(Duration.ofMinutes(90), "firmware.child.update.timeout", 29),
                set("root", "mqtt.topic_root", 5),
                List.of()));
  }

  @Test
  void readsVersion1() {
    TedgeToml tedge =
        read(
            """
            [mqtt]
            client_host = "broker"
            port = 1884
            client_ca_file = "/ca.pem"
            client_ca_path = "/ca"
            client_auth.cert_file = "/cert.pem"
            client_auth.key_file = "/key.pem"
            [firmware]
            child_update_timeout = 120
            """);

    assertThat(tedge.mqttHost()).isEqualTo(set("broker", "mqtt.client_host", 2));
    assertThat(tedge.mqttPort()).isEqualTo(set(1884L, "mqtt.port", 3));
    assertThat(tedge.caFile()).isEqualTo(set("/ca.pem", "mqtt.client_ca_file", 4));
    assertThat(tedge.caDir()).isEqualTo(set("/ca", "mqtt.client_ca_path", 5));
    assertThat(tedge.certFile()).isEqualTo(set("/cert.pem", "mqtt.client_auth.cert_file", 6));
    assertThat(tedge.keyFile()).isEqualTo(set("/key.pem", "mqtt.client_auth.key_file", 7));
    assertThat(tedge.updateTimeout())
        .isEqualTo(set(Duration.ofMinutes(2), "firmware.child_update_timeout", 9));
    assertThat(tedge.problems()).isEmpty();
  }

  @Test
  void leavesNamesOfVersion1AloneInVersion2() {
    TedgeToml tedge =
        read("config.version = '2'\n[mqtt]\nclient_host = 'old'\nport = 1\nclient_port = 2\n");

    assertThat(tedge.mqttHost()).isEmpty();
    assertThat(tedge.mqttPort()).isEmpty();
  }

  @Test
  void takesDeprecatedSpellings() {
    TedgeToml tedge =
        read(
            """
            config.version = "2"
            [mqtt.client.auth]
            cafile = "/ca.pem"
            cadir = "/ca"
            certfile = "/cert.pem"
            keyfile = "/key.pem"
            """);

    assertThat(tedge.caFile()).isEqualTo(set("/ca.pem", "mqtt.client.auth.cafile", 3));
    assertThat(tedge.caDir()).isEqualTo(set("/ca", "mqtt.client.auth.cadir", 4));
    assertThat(tedge.certFile()).isEqualTo(set("/cert.pem", "mqtt.client.auth.certfile", 5));
    assertThat(tedge.keyFile()).isEqualTo(set("/key.pem", "mqtt.client.auth.keyfile", 6));
  }

  @Test
  void takesThePortTheBrokerListensOnIfClientsHaveNone() {
    assertThat(read("mqtt.bind.port = 1884").mqttPort()).isEqualTo(set(1884L, "mqtt.bind.port", 1));
  }

  @Test
  void prefersTheEnvironment() {
    environment.put("TEDGE_MQTT_CLIENT_HOST", "variable");
    environment.put("TEDGE_MQTT_BIND_PORT", "1885");
    environment.put("TEDGE_FIRMWARE_CHILD_UPDATE_TIMEOUT", "90s");
    environment.put("TEDGE_MQTT_CLIENT_AUTH_USERNAME", "");
    TedgeToml tedge =
        read("mqtt = {client = {host = 'file', auth.username = 'file'}, bind.port = 1}");

    assertThat(tedge.mqttHost())
        .contains(new Setting<>("variable", "mqtt.client.host", "TEDGE_MQTT_CLIENT_HOST", 0));
    assertThat(tedge.mqttPort())
        .contains(new Setting<>(1885L, "mqtt.bind.port", "TEDGE_MQTT_BIND_PORT", 0));
    assertThat(tedge.updateTimeout()).map(Setting::value).contains(Duration.ofSeconds(90));
    assertThat(tedge.username()).map(Setting::value).contains("file");
  }

  @Test
  void doesNotLookAtWhatIsNotUsedHere() {
    assertThat(read("mqtt.bridge.built_in = 7").problems()).isEmpty();
  }

  /** Or we would subscribe to the commands for everybody's children. */
  @ParameterizedTest
  @ValueSource(strings = {"7", "''", "'+'", "'te/#'"})
  void aTopicRootIsATopic(String root) {
    TedgeToml tedge = read("mqtt.topic_root = " + root);
    assertThat(tedge.topicRoot()).isEmpty();
    assertThat(tedge.problems()).extracting(Problem::key).contains(Optional.of("mqtt.topic_root"));
  }

  @Test
  void isEmptyWithoutAFile() {
    TedgeToml tedge = read();

    assertThat(tedge.present()).isFalse();
    assertThat(tedge.mqttHost()).isEmpty();
    assertThat(tedge.problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void namesWhatItCannotRead(String toml, int line, String key, String sentence) {
    assertThat(read(toml).problems())
        .containsExactly(
            new Problem(
                "tedge.toml", line, Optional.of(key).filter(it -> !it.isEmpty()), sentence));
  }

  static Stream<Arguments> problems() {
    String text = "must be a text in quotes, not empty";
    String port = "must be a port number, 1 to 65535";
    String time = "must be a number of seconds or a time such as \"1h\"";
    String client = "[mqtt.client]\n";
    return Stream.of(
        arguments("a = \n", 1, "", "Unexpected end of line, expected a value (column 5)"),
        arguments(client + "host = 1\n", 2, "mqtt.client.host", text),
        arguments(client + "host = ' '\n", 2, "mqtt.client.host", text),
        arguments(client + "port = 0\n", 2, "mqtt.client.port", port),
        arguments(client + "port = 65536\n", 2, "mqtt.client.port", port),
        arguments(client + "port = 'x'\n", 2, "mqtt.client.port", port),
        arguments(
            "firmware.child.update.timeout = 'x'\n", 1, "firmware.child.update.timeout", time),
        arguments(
            "firmware.child.update.timeout = 1.5\n", 1, "firmware.child.update.timeout", time));
  }

  @Test
  void readsOnPastAValueWhereATableShouldBe() {
    assertThat(read("mqtt = 5\nc8y = []\n").problems()).isEmpty();
  }

  @Test
  void namesAVariableItCannotRead() {
    environment.put("TEDGE_MQTT_CLIENT_PORT", "mqtt");

    assertThat(read().problems())
        .containsExactly(
            new Problem(
                "TEDGE_MQTT_CLIENT_PORT",
                0,
                Optional.of("mqtt.client.port"),
                "must be a port number, 1 to 65535"));
  }

  @Test
  void namesAFileItCannotRead() throws IOException {
    Path file = Files.createDirectory(directory.resolve("tedge.toml"));

    assertThat(read().problems())
        .containsExactly(
            new Problem(
                "tedge.toml",
                0,
                Optional.empty(),
                file + " cannot be read; let the user this program runs as read it"));
  }

  @Test
  void namesAFileThatIsNoText() throws IOException {
    Path file = Files.write(directory.resolve("tedge.toml"), new byte[] {(byte) 0xff});

    assertThat(read().problems())
        .containsExactly(
            new Problem(
                "tedge.toml",
                0,
                Optional.empty(),
                file + " is not UTF-8 text; thin-edge cannot read it either"));
  }

  @ParameterizedTest
  @CsvSource({
    "3600, 3600",
    "0, 0",
    "90s, 90",
    "1h, 3600",
    "60m, 3600",
    "1h 30min, 5400",
    "1h30m, 5400",
    "2 days, 172800",
    "1w, 604800",
    "1M, 2630016",
    "1y, 31557600",
    "1500ms 500 millis, 2",
    "1 hour 1 minute 1 second, 3661",
    "5mins, 300",
    "1000000us, 1"
  })
  void readsTimesAsThinEdgeDoes(String text, long seconds) {
    assertThat(HumanTime.parse(text)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "1x", "-1h", "1h 30", "1.5h", "999999999999999999y"})
  void refusesOtherTimes(String text) {
    assertThat(HumanTime.parse(text)).isEmpty();
  }
}
