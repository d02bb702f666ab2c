package io.github.childconnector.config;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.BrokerReader;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.settings.Amounts;
import io.github.childconnector.settings.KeyPair;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Problems;
import io.github.childconnector.settings.Section;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.update.UpdateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads all sections; their order here is the one of the effective configuration. */
final class ConnectorReader {
  private static final Path STORAGE = Path.of("/var/lib/tedge-child-connector");

  private static final Kind<Duration> GRACE = Amounts.duration(Duration.ZERO, Duration.ofHours(1));

  private final Section root;
  private final Problems problems;

  ConnectorReader(Section root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  ConnectorConfig read(
      List<AdapterProvider> adapters, Function<String, Optional<String>> environment) {
    Section mqttSection = root.section("mqtt");
    ThinEdgeReader thinEdge = new ThinEdgeReader(root.section("thin_edge"), environment, problems);
    TedgeToml tedge = thinEdge.readTedge();
    Duration updateTimeout = thinEdge.read(tedge);
    Duration heartbeat = thinEdge.readHeartbeat(updateTimeout);
    MqttSettings mqtt = mqtt(mqttSection, tedge);
    Section storage = root.section("storage");
    Path directory = storage.value("directory", Places.PATH, STORAGE);
    int history = storage.value("history", Amounts.number(1, 10_000), 100);
    DownloadSettings download =
        new DownloadReader(root.section("download"), tedge, mqtt.host()).read();
    UpdateSettings updates = updates(root.section("updates"), heartbeat, history);
    ChildrenReader children = new ChildrenReader(adapters);
    root.sections("child").forEach(children::read);
    return new ConnectorConfig(
        mqtt,
        updateTimeout,
        directory,
        download,
        updates,
        children.children(),
        children.externalIds());
  }

  /** Reads the broker; what the section leaves out, thin-edge's own clients use too. */
  private static MqttSettings mqtt(Section section, TedgeToml tedge) {
    Map.of(
            "host",
            tedge.mqttHost(),
            "port",
            tedge.mqttPort(),
            "username",
            tedge.username(),
            "password_file",
            tedge.passwordFile(),
            "ca_file",
            tedge.caFile().or(tedge::caDir),
            KeyPair.USUAL.certificate(),
            tedge.certFile(),
            KeyPair.USUAL.key(),
            tedge.keyFile())
        .forEach((key, setting) -> section.inherit(key, ThinEdgeReader.inherited(setting)));
    return BrokerReader.gateway(section, "tedge-child-connector");
  }

  private static UpdateSettings updates(Section section, Duration heartbeat, int history) {
    return new UpdateSettings(
        section.value("parallel_downloads", Amounts.number(1, 64), 2),
        section.value("parallel_installs", Amounts.number(1, 1024), 4),
        heartbeat,
        section.duration("busy_retry", Duration.ofSeconds(30)),
        section.duration("busy_timeout", Duration.ofHours(1)),
        section.duration("confirm_interval", Duration.ofSeconds(5)),
        section.value("shutdown_grace", GRACE, Duration.ofMinutes(2)),
        history);
  }
}
