package io.github.childconnector.world;

import io.github.childconnector.TestConnector;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A gateway: a real broker, thin-edge's file server, one or more devices, and a connector that can
 * be started and stopped. Plays thin-edge's firmware plugin towards the connector.
 */
public final class Gateway implements AutoCloseable {
  private final Path directory;
  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
  private final List<Supplier<String>> children = new ArrayList<>();
  public final Mosquitto broker;
  public final FakeFileServer files = new FakeFileServer();
  private Optional<RecordingClient> cloud = Optional.empty();
  private final List<RecordingClient> clouds = new ArrayList<>();
  private TestConnector world = TestConnector.ofThisMachine();
  private Optional<TestConnector.Running> connector = Optional.empty();
  private CountDownLatch serving = new CountDownLatch(1);

  /** A gateway whose broker has further lines in its configuration. */
  public Gateway(Path directory, String... broker) throws IOException {
    this.directory = directory;
    this.broker = Mosquitto.start(Files.createDirectory(directory.resolve("broker")), broker);
    Files.createFile(Files.createDirectory(directory.resolve("tedge")).resolve("tedge.toml"));
    set("mqtt", "port", Integer.toString(this.broker.port()));
    set("thin_edge", "config_dir", quoted(directory.resolve("tedge")));
    set("storage", "directory", quoted(storage()));
    set("updates", "confirm_interval", "\"1s\"");
    set("updates", "shutdown_grace", "\"0s\"");
    set("download", "min_free", "\"1KiB\"");
  }

  private static String quoted(Path path) {
    return "\"" + path + "\"";
  }

  /** Sets a key of the configuration; the value is written as in TOML. */
  public Gateway set(String section, String key, String value) {
    sections.computeIfAbsent(section, name -> new LinkedHashMap<>()).put(key, value);
    return this;
  }

  /** Lets the connector stand on something else from its next start on. */
  public Gateway on(TestConnector other) {
    world = other;
    return this;
  }

  /** The lines of the connector's section {@code [mqtt]}, instead of the broker's port. */
  public Gateway mqtt(String... lines) {
    sections.remove("mqtt");
    return add("mqtt", lines);
  }

  /** Further lines of a section. */
  public Gateway add(String section, String... lines) {
    for (String line : lines) {
      String[] parts = line.split(" = ", 2);
      set(section, parts[0], parts[1]);
    }
    return this;
  }

  /** Configures a child with a device of its own. */
  public FakeDevice child(String id, String... keys) {
    FakeDevice device = FakeDevice.in(directory.resolve("device-" + id), "1.0");
    String head = "[[child]]\nid = \"" + id + "\"\nadapter = \"command\"\n";
    String table = String.join("\n", keys) + "\n[child.command]\n";
    children.add(() -> head + table + device.table());
    return device;
  }

  /** Configures further children by their lines. */
  public Gateway children(String lines) {
    children.add(() -> lines);
    return this;
  }

  /** Forgets all children that were configured. */
  public void removeChildren() {
    children.clear();
  }

  public Path storage() {
    return directory.resolve("state");
  }

  /** Writes the configuration and returns its path. */
  public Path config() throws IOException {
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (name, keys) -> {
          text.append("[" + name + "]\n");
          keys.forEach((key, value) -> text.append(key + " = " + value + "\n"));
        });
    children.forEach(child -> text.append(child.get()));
    return Files.writeString(directory.resolve("connector.toml"), text);
  }

  /** Starts a connector in this process, and returns at once. */
  public void start() throws IOException, InterruptedException {
    try {
      ConnectorConfig config = world.loader().load(config());
      CountDownLatch told = new CountDownLatch(1);
      serving = told;
      connector = Optional.of(world.open(config, link -> new AwaitedLink(link, told)));
    } catch (ConfigurationException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
    connector.get().start();
  }

  /**
   * Returns when the connector that was started last has taken in that it is connected: until then
   * it may tell of an operation twice or not at all, even where the broker has its subscriptions.
   */
  public void awaitServing() throws InterruptedException {
    AwaitedLink.await(serving);
  }

  /**
   * Returns once a status of a child was heard: whoever kills the connector before may never hear
   * that it was executing.
   */
  public void awaitStatus(String child) throws IOException {
    cloud().awaitTexts(responseTopic(child), 1);
  }

  public void stop() {
    connector.ifPresent(TestConnector.Running::close);
    connector = Optional.empty();
  }

  /** The plugin's side of the broker. */
  public RecordingClient cloud() throws IOException {
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
  public RecordingClient reconnectCloud() throws IOException {
    if (cloud.isPresent()) {
      cloud.get().hangUp();
      cloud = Optional.empty();
    }
    return cloud();
  }

  public static String requestTopic(String child) {
    return "tedge/" + child + "/commands/req/firmware_update";
  }

  public static String responseTopic(String child) {
    return "tedge/" + child + "/commands/res/firmware_update";
  }

  /** A request as the plugin writes it, for an image that is on the file server. */
  public String request(String id, String version) {
    byte[] image = image(version);
    String url = files.offer("c/firmware_update/" + version, image);
    return request(id, version, DigestUtils.sha256Hex(image), url);
  }

  public static byte[] image(String version) {
    return ("firmware " + version).repeat(1000).getBytes(StandardCharsets.UTF_8);
  }

  public static String request(String id, String version, String digest, String url) {
    return "{\"id\":\"%s\",\"attempt\":1,\"name\":\"fw\",\"version\":\"%s\",\"sha256\":\"%s\",\"url\":\"%s\"}"
        .formatted(id, version, digest, url);
  }

  /** Sends a good request. */
  public void send(String child, String id, String version) throws IOException {
    cloud().publish(requestTopic(child), request(id, version));
  }

  /** What was said of an operation once it has ended, repeated executing said once. */
  public List<String> awaitEnd(String child, String id) throws IOException {
    cloud()
        .awaitUntil(all -> said(child, id).stream().anyMatch(text -> !text.contains("executing")));
    return said(child, id);
  }

  /** What was said of an operation so far, by all connections of the plugin; see above. */
  public List<String> said(String child, String id) {
    return everythingSaid(child, id).stream().distinct().toList();
  }

  /** The same with all repetitions. */
  public List<String> everythingSaid(String child, String id) {
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
