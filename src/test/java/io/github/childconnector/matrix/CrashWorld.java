package io.github.childconnector.matrix;

import static io.github.childconnector.world.Gateway.requestTopic;
import static io.github.childconnector.world.Gateway.responseTopic;

import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Broken;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.Promises;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.NullMarked;

/**
 * What is around one connector that is killed: devices, a storage directory, a broker session and
 * thin-edge's side of the broker, all of its own, and the requests that wait for it.
 */
@NullMarked
final class CrashWorld implements AutoCloseable {
  private final CrashBench bench;
  private final Path directory;
  private final RecordingClient cloud;
  private final Map<String, Child> devices = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();
  private final StringBuilder children = new StringBuilder();
  private String grace = "0s";
  private String patience = "5m";

  /** What the connector may do with a device besides installing. */
  enum Ability {
    TELLS_VERSION,
    RESTORES,
    REPEATABLE
  }

  private record Child(FakeDevice device, Set<Ability> abilities) {}

  private record Asked(
      String child,
      String id,
      String version,
      String payload,
      Optional<FakeDevice> device,
      Set<Ability> abilities) {

    Promises.Requested promised(int kills) {
      return new Promises.Requested(
          child,
          id,
          version,
          DigestUtils.sha256Hex(Gateway.image(version)),
          device,
          abilities.contains(Ability.REPEATABLE) ? 1 + kills : 1,
          abilities.contains(Ability.TELLS_VERSION));
    }
  }

  CrashWorld(CrashBench bench, Path directory) throws IOException {
    this.bench = bench;
    this.directory = directory;
    this.cloud = RecordingClient.connect(bench.broker.port());
  }

  /** What the names of its children, operations and client begin with. */
  String name() {
    return directory.getFileName() + "-";
  }

  Path directory() {
    return directory;
  }

  Path config() {
    return directory.resolve("connector.toml");
  }

  private Path storage() {
    return directory.resolve("state");
  }

  /** Configures a child with a device of its own. */
  FakeDevice child(String name, Ability... abilities) {
    Set<Ability> able = Set.of(abilities);
    FakeDevice device = FakeDevice.in(directory.resolve("device-" + name), "1.0");
    devices.put(name, new Child(device, able));
    children
        .append("[[child]]\nid = \"" + name() + name + "\"\nadapter = \"command\"\n")
        .append("install_timeout = \"" + patience + "\"\nconfirm_timeout = \"2s\"\n")
        .append("[child.command]\nstop_grace = \"1s\"\n")
        .append("environment = " + device.environment() + "\n")
        .append("repeatable = " + able.contains(Ability.REPEATABLE) + "\n")
        .append(key("install", device.installCommand()));
    if (able.contains(Ability.TELLS_VERSION)) {
      children.append(key("read_version", device.readVersionCommand()));
    }
    if (able.contains(Ability.RESTORES)) {
      children.append(key("rollback", device.rollbackCommand()));
    }
    return device;
  }

  /** The device of a child that was configured. */
  FakeDevice device(String name) {
    return Optional.ofNullable(devices.get(name)).orElseThrow().device();
  }

  /**
   * Gives the children that follow little time, because their installations end by no other means.
   */
  CrashWorld impatient() {
    patience = "2s";
    return this;
  }

  /** Lets the connector wait for devices that are being written when it is told to stop. */
  void waitsWhenStopping() {
    grace = "20s";
  }

  private static String key(String key, List<String> command) {
    return command.stream().collect(Collectors.joining("\", \"", key + " = [\"", "\"]\n"));
  }

  /** Makes a good request, for a child that need not be configured. */
  void request(String child, String id, String version) {
    byte[] image = Gateway.image(version);
    String url = bench.files.offer("c/firmware_update/" + version, image);
    String digest = DigestUtils.sha256Hex(image);
    ask(child, id, version, Gateway.request(name() + id, version, digest, url));
  }

  /** Makes a request without an image. */
  void invalidRequest(String child, String id) {
    ask(child, id, "2.0", "{\"id\":\"" + name() + id + "\"}");
  }

  private void ask(String child, String id, String version, String payload) {
    Optional<Child> known = Optional.ofNullable(devices.get(child));
    asked.add(
        new Asked(
            name() + child,
            name() + id,
            version,
            payload,
            known.map(Child::device),
            known.map(Child::abilities).orElse(Set.of())));
  }

  /** Lets the requests wait at the broker, as for a connector that is down for a moment. */
  void begin() throws IOException {
    Files.writeString(config(), toml());
    List<String> topics = asked.stream().map(one -> requestTopic(one.child())).distinct().toList();
    RecordingClient.leaveSession(bench.broker.port(), name() + "connector", topics);
    for (Asked one : asked) {
      cloud.record(responseTopic(one.child()));
    }
    send();
  }

  private String toml() {
    return """
        [mqtt]
        port = %d
        client_id = "%sconnector"
        [thin_edge]
        config_dir = "%s"
        [storage]
        directory = "%s"
        [updates]
        confirm_interval = "400ms"
        busy_retry = "300ms"
        shutdown_grace = "%s"
        [download]
        min_free = "1KiB"
        %s
        """
        .formatted(bench.broker.port(), name(), bench.tedge(), storage(), grace, children);
  }

  /** Sends all requests, once more if they were sent before. */
  void send() throws IOException {
    for (Asked one : asked) {
      cloud.publish(requestTopic(one.child()), one.payload());
    }
  }

  /** How often the end of each operation was told. */
  List<Long> ends() {
    return asked.stream().map(this::ends).toList();
  }

  private long ends(Asked one) {
    return cloud.texts(responseTopic(one.child())).stream()
        .filter(text -> text.contains("\"" + one.id() + "\"") && !text.contains("\"executing\""))
        .count();
  }

  boolean isInstalling() {
    return devices.values().stream().anyMatch(child -> child.device().isInstalling());
  }

  int flashes() {
    return devices.values().stream()
        .mapToInt(child -> child.device().flashedOperations().size())
        .sum();
  }

  int operations() {
    return asked.size();
  }

  /** Whether every end was told, and noted as such: cheap, to be asked often. */
  boolean isSettled() {
    return ends().stream().allMatch(told -> told > 0) && isReported();
  }

  private boolean isReported() {
    try {
      Journal journal =
          new Journal(storage().resolve("operations"), new LocalDisk(), InstantSource.system());
      return journal.read(ended -> {}).entries().stream()
          .allMatch(entry -> entry.stage().isEnd() && entry.reported());
    } catch (IOException e) {
      // Not there yet, or a file went while it was read.
      return false;
    }
  }

  /** What is not as it was promised, after so many kills. */
  Broken broken(int kills) {
    List<Promises.Requested> requested = asked.stream().map(one -> one.promised(kills)).toList();
    return Promises.check(storage(), requested, cloud.messages());
  }

  /** All that was said, with the milliseconds of an arbitrary clock. */
  String said() {
    return cloud.messages().stream()
        .map(message -> message.arrived() / 1_000_000 + " " + message.text() + "\n")
        .collect(Collectors.joining());
  }

  @Override
  public void close() throws IOException {
    cloud.close();
  }
}
