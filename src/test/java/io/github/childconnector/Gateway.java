package io.github.childconnector;

import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.RecordingClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A gateway: a real broker, thin-edge's file server, one or more devices, and a connector that can
 * be started and stopped. Plays thin-edge's firmware plugin towards the connector.
 */
final class Gateway implements AutoCloseable {
  private final Path directory;
  private final StringBuilder children = new StringBuilder();
  final Mosquitto broker;
  final FakeFileServer files = new FakeFileServer();
  private Optional<RecordingClient> cloud = Optional.empty();
  private final List<RecordingClient> clouds = new ArrayList<>();
  private Surroundings surroundings = Surroundings.ofThisMachine();
  private String mqtt;
  private String updates = "";
  private String thinEdge = "";
  private Optional<Connector> connector = Optional.empty();

  /** A gateway whose broker has further lines in its configuration. */
  Gateway(Path directory, String... broker) throws IOException {
    this.directory = directory;
    this.broker = Mosquitto.start(Files.createDirectory(directory.resolve("broker")), broker);
    this.mqtt = "port = " + this.broker.port();
    Files.createFile(Files.createDirectory(directory.resolve("tedge")).resolve("tedge.toml"));
  }

  /** Lets the connector stand on something else from its next start on. */
  Gateway on(Surroundings other) {
    surroundings = other;
    return this;
  }

  /** The lines of the connector's section {@code [mqtt]}, instead of the broker's port. */
  Gateway mqtt(String... lines) {
    mqtt = String.join("\n", lines);
    return this;
  }

  /** Further lines of the section {@code [thin_edge]}. */
  Gateway thinEdge(String... lines) {
    thinEdge = String.join("\n", lines);
    return this;
  }

  /** Further lines of the section {@code [updates]}. */
  Gateway updates(String... lines) {
    updates = String.join("\n", lines);
    return this;
  }

  /** Configures a child with a device of its own. */
  FakeDevice child(String id, String... keys) {
    FakeDevice device = FakeDevice.in(directory.resolve("device-" + id), "1.0");
    children
        .append("[[child]]\nid = \"" + id + "\"\nadapter = \"command\"\n")
        .append(String.join("\n", keys))
        .append("\n[child.command]\n")
        .append(device.table())
        .append("\n");
    return device;
  }

  /** Configures further children by their lines. */
  Gateway children(String lines) {
    children.append(lines);
    return this;
  }

  /** Forgets all children that were configured. */
  void removeChildren() {
    children.setLength(0);
  }

  Path storage() {
    return directory.resolve("state");
  }

  /** Writes the configuration and returns its path. */
  Path config() throws IOException {
    String text =
        """
        [mqtt]
        %s
        [thin_edge]
        config_dir = "%s"
        %s
        [storage]
        directory = "%s"
        [updates]
        confirm_interval = "1s"
        %s
        [download]
        min_free = "1KiB"
        %s
        """
            .formatted(mqtt, directory.resolve("tedge"), thinEdge, storage(), updates, children);
    return Files.writeString(directory.resolve("connector.toml"), text);
  }

  /** Starts a connector in this process, and returns at once. */
  void start() throws IOException, InterruptedException {
    try {
      ConnectorConfig config = surroundings.loader().load(config()).config();
      connector = Optional.of(new Connector(config, surroundings));
    } catch (ConfigurationException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
    connector.get().start();
  }

  void stop() {
    connector.ifPresent(Connector::close);
    connector = Optional.empty();
  }

  /** The plugin's side of the broker. */
  RecordingClient cloud() throws IOException {
    if (cloud.isEmpty()) {
      cloud =
          Optional.of(
              RecordingClient.connect(broker.port())
                  .record("tedge/+/commands/res/firmware_update"));
      clouds.add(cloud.get());
    }
    return cloud.get();
  }

  /** The plugin after it lost its connection. */
  RecordingClient reconnectCloud() throws IOException {
    if (cloud.isPresent()) {
      cloud.get().hangUp();
      cloud = Optional.empty();
    }
    return cloud();
  }

  static String requestTopic(String child) {
    return "tedge/" + child + "/commands/req/firmware_update";
  }

  static String responseTopic(String child) {
    return "tedge/" + child + "/commands/res/firmware_update";
  }

  /** A request as the plugin writes it, for an image that is on the file server. */
  String request(String id, String version) {
    byte[] image = image(version);
    String url = files.offer("c/firmware_update/" + version, image);
    return request(id, version, DigestUtils.sha256Hex(image), url);
  }

  static byte[] image(String version) {
    return ("firmware " + version).repeat(1000).getBytes(StandardCharsets.UTF_8);
  }

  static String request(String id, String version, String digest, String url) {
    return "{\"id\":\"%s\",\"attempt\":1,\"name\":\"fw\",\"version\":\"%s\",\"sha256\":\"%s\",\"url\":\"%s\"}"
        .formatted(id, version, digest, url);
  }

  /** Sends a good request. */
  void send(String child, String id, String version) throws IOException {
    cloud().publish(requestTopic(child), request(id, version));
  }

  /** What was said of an operation once it has ended, repeated executing said once. */
  List<String> awaitEnd(String child, String id) throws IOException {
    cloud()
        .awaitUntil(all -> said(child, id).stream().anyMatch(text -> !text.contains("executing")));
    return said(child, id);
  }

  /** What was said of an operation so far, by all connections of the plugin; see above. */
  List<String> said(String child, String id) {
    return everythingSaid(child, id).stream().distinct().toList();
  }

  /** The same with all repetitions. */
  List<String> everythingSaid(String child, String id) {
    return clouds.stream()
        .flatMap(connection -> connection.texts(responseTopic(child)).stream())
        .filter(text -> text.contains("\"" + id + "\""))
        .toList();
  }

  @Override
  public void close() throws IOException {
    stop();
    if (cloud.isPresent()) {
      cloud.get().close();
    }
    files.close();
    broker.close();
  }
}
