package io.github.childconnector;

import io.github.childconnector.Connector.Surroundings;
import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.log.Severity;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;

/**
 * The door to the program's composition root for tests of other packages: a connector on this
 * machine, with some of its surroundings replaced.
 */
@NullMarked
public final class TestConnector {
  /** Names the log of the connector itself. */
  public static final Class<?> LOG = Connector.class;

  private List<AdapterProvider> families;
  private Disk disk;
  private BiFunction<MqttSettings, MonotonicClock, MqttLink> links;
  private InstantSource time;
  private Map<String, String> environment;

  private TestConnector(Surroundings real) {
    this.families = real.adapters();
    this.disk = real.disk();
    this.links = real.links();
    this.time = real.time();
    this.environment = real.environment();
  }

  /** Returns a connector on the real surroundings. */
  public static TestConnector ofThisMachine() {
    return new TestConnector(Surroundings.ofThisMachine());
  }

  /** Returns the device families in use. */
  public List<AdapterProvider> families() {
    return families;
  }

  /** Replaces the device families by what is made of each of them. */
  public TestConnector families(UnaryOperator<AdapterProvider> around) {
    return families(families.stream().map(around).toList());
  }

  /** Replaces the device families. */
  public TestConnector families(List<AdapterProvider> others) {
    families = others;
    return this;
  }

  /** Replaces the disk of journal and images. */
  public TestConnector disk(Disk other) {
    disk = other;
    return this;
  }

  /** Replaces the links to the broker. */
  public TestConnector links(BiFunction<MqttSettings, MonotonicClock, MqttLink> others) {
    links = others;
    return this;
  }

  /** Replaces the links to the broker by what is made of each of them. */
  public TestConnector links(UnaryOperator<MqttLink> around) {
    BiFunction<MqttSettings, MonotonicClock, MqttLink> inner = links;
    links = (broker, clock) -> around.apply(inner.apply(broker, clock));
    return this;
  }

  /** Replaces the clock of the day. */
  public TestConnector time(InstantSource other) {
    time = other;
    return this;
  }

  /** Replaces the variables of the process. */
  public TestConnector environment(Map<String, String> other) {
    environment = other;
    return this;
  }

  private Surroundings surroundings() {
    return new Surroundings(families, disk, links, time, environment);
  }

  /** Reads configurations as the program does. */
  public ConfigLoader loader() {
    return surroundings().loader();
  }

  /** Returns a connector in this process that does not run yet. */
  public Running open(ConnectorConfig config) throws IOException {
    return new Running(new Connector(config, surroundings()));
  }

  /** Returns a connector in this process that does not run yet, with something around its link. */
  public Running open(ConnectorConfig config, UnaryOperator<MqttLink> around) throws IOException {
    BiFunction<MqttSettings, MonotonicClock, MqttLink> wrapped =
        (broker, clock) -> around.apply(links.apply(broker, clock));
    return new Running(
        new Connector(config, new Surroundings(families, disk, wrapped, time, environment)));
  }

  /** Runs as the daemon does, as the only thing of this process, and returns its exit code. */
  public int run(Path config) {
    return Connector.main(config, surroundings());
  }

  /** Sets the process up as the daemon does. */
  public static void prepare() {
    Main.prepare(Severity.INFO);
  }

  /** A connector in this process. */
  public static final class Running implements AutoCloseable {
    private final Connector connector;

    private Running(Connector connector) {
      this.connector = connector;
    }

    /** Takes up what was left unfinished, then begins to connect. */
    public void start() throws IOException, InterruptedException {
      connector.start();
    }

    @Override
    public void close() {
      connector.close();
    }
  }
}
