package io.github.childconnector.config;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.config.ConnectorConfig.ThinEdge;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.BrokerReader;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.net.Hosts;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Request;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.thinedge.TedgeToml.Setting;
import io.github.childconnector.thinedge.v1.CommandTopics;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.UpdateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads all sections; their order here is the one of the effective configuration. What a section
 * leaves out is taken from thin-edge's own file, where that has it.
 */
record ConnectorReader(Section root, List<Problem> problems) {
  private static final Path STORAGE = Path.of("/var/lib/tedge-child-connector");
  private static final Kind<Duration> GRACE = Kinds.duration(Duration.ZERO, Duration.ofHours(1));

  private static final String TEDGE_DIRECTORY = "TEDGE_CONFIG_DIR";
  private static final Path USUAL_TEDGE_DIRECTORY = Path.of("/etc/tedge");
  private static final Kind<Set<String>> PROTOCOLS = Kinds.someOf(Request.LEGACY, Request.V1);

  private static final Kind<Duration> UPDATE_TIMEOUT =
      Kinds.duration(Duration.ofSeconds(2), Duration.ofDays(3650));

  private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration LONGEST_USUAL_HEARTBEAT = Duration.ofMinutes(5);

  private static final long MAX_SIZE = 2L << 30;
  private static final long MIN_FREE = 64L << 20;
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1");

  ConnectorConfig read(
      List<AdapterProvider> adapters, Function<String, Optional<String>> environment) {
    Section mqttSection = root.section("mqtt");
    Section thinEdgeSection = root.section("thin_edge");
    TedgeToml tedge = tedge(thinEdgeSection, environment);
    Set<String> protocols = protocols(thinEdgeSection);
    Duration updateTimeout = updateTimeout(thinEdgeSection, tedge);
    ThinEdge thinEdge = new ThinEdge(tedge.directory(), updateTimeout, protocols, topicRoot(tedge));
    Duration heartbeat = heartbeat(thinEdgeSection, updateTimeout);
    MqttSettings mqtt = mqtt(mqttSection, tedge);
    Section storage = root.section("storage");
    Path directory = storage.value("directory", Places.PATH, STORAGE);
    int history = storage.value("history", Kinds.number(1, 10_000), 100);
    DownloadSettings download = download(root.section("download"), tedge, mqtt.host());
    UpdateSettings updates = updates(root.section("updates"), heartbeat, history);
    ChildrenReader children = new ChildrenReader(adapters);
    root.sections("child").forEach(children::read);
    return new ConnectorConfig(
        mqtt, thinEdge, directory, download, updates, children.children(), children.externalIds());
  }

  /** Reads {@code config_dir}, and then the file that is there. */
  private TedgeToml tedge(Section section, Function<String, Optional<String>> environment) {
    Optional<String> variable =
        environment.apply(TEDGE_DIRECTORY).filter(value -> !value.isEmpty());
    variable.ifPresent(
        value -> section.inherit("config_dir", new Scalar(value, Origin.of(TEDGE_DIRECTORY, 0))));
    Path directory = section.value("config_dir", Places.PATH, USUAL_TEDGE_DIRECTORY);
    TedgeToml tedge = TedgeToml.read(directory, environment);
    Path usual = variable.map(Path::of).orElse(USUAL_TEDGE_DIRECTORY);
    if (section.has("config_dir") && !directory.equals(usual) && !tedge.present()) {
      section.problem(
          "config_dir", "there is no tedge.toml in " + directory + "; correct it or leave it out");
    }
    tedge.problems().forEach(this::report);
    return tedge;
  }

  private void report(TedgeToml.Problem problem) {
    String shared =
        problem
            .key()
            .map(key -> key + ": " + problem.sentence())
            .orElse("cannot be read, or is no TOML here");
    problems.add(
        new Problem(
            Origin.of(problem.source(), problem.line()),
            problem.key().orElse(""),
            problem.sentence(),
            shared));
  }

  /** Lets a key have what thin-edge has set for its default. */
  private static void inherit(Section section, String key, Setting<?> found) {
    Origin origin = new Origin(found.source(), found.line(), Optional.of(found.key()));
    section.inherit(key, new Scalar(found.value(), origin));
  }

  private static Set<String> protocols(Section section) {
    return section.value("protocols", PROTOCOLS, Set.of(Request.LEGACY));
  }

  private static String topicRoot(TedgeToml tedge) {
    return tedge.topicRoot().map(Setting::value).orElse(CommandTopics.DEFAULT_ROOT);
  }

  private static Duration updateTimeout(Section section, TedgeToml tedge) {
    section.refuseFormer(
        "topic_root", "is no key any more: thin-edge's mqtt.topic_root is read; remove it");
    tedge.updateTimeout().ifPresent(found -> inherit(section, "update_timeout", found));
    return section.value("update_timeout", UPDATE_TIMEOUT, Duration.ofHours(1));
  }

  /** Reads {@code heartbeat}; thin-edge gives an update up when it hears none for its timeout. */
  private static Duration heartbeat(Section section, Duration timeout) {
    Duration heartbeat =
        section.value("heartbeat", Kinds.atLeast(SHORTEST_HEARTBEAT), usualHeartbeat(timeout));
    if (heartbeat.compareTo(timeout) >= 0) {
      String limit = DurationText.write(timeout);
      section.problem("heartbeat", "must be shorter than update_timeout, which is " + limit);
    }
    return heartbeat;
  }

  private static Duration usualHeartbeat(Duration timeout) {
    Duration quarter = timeout.dividedBy(4);
    Duration bounded =
        quarter.compareTo(LONGEST_USUAL_HEARTBEAT) > 0 ? LONGEST_USUAL_HEARTBEAT : quarter;
    return bounded.compareTo(SHORTEST_HEARTBEAT) < 0 ? SHORTEST_HEARTBEAT : bounded;
  }

  /** Reads the broker; what the section leaves out, thin-edge's own clients use too. */
  private static MqttSettings mqtt(Section section, TedgeToml tedge) {
    tedge.mqttHost().ifPresent(found -> inherit(section, "host", found));
    tedge.mqttPort().ifPresent(found -> inherit(section, "port", found));
    tedge.username().ifPresent(found -> inherit(section, "username", found));
    tedge.passwordFile().ifPresent(found -> inherit(section, "password_file", found));
    tedge.caFile().or(tedge::caDir).ifPresent(found -> inherit(section, "ca_file", found));
    tedge.certFile().ifPresent(found -> inherit(section, "cert_file", found));
    tedge.keyFile().ifPresent(found -> inherit(section, "key_file", found));
    return BrokerReader.gateway(section, "tedge-child-connector");
  }

  private static DownloadSettings download(Section section, TedgeToml tedge, String broker) {
    long maxSize = section.value("max_size", Kinds.size(1, Kinds.LARGEST), MAX_SIZE);
    long minFree = section.value("min_free", Kinds.size(0, Kinds.LARGEST), MIN_FREE);
    int attempts = section.value("attempts", Kinds.number(1, 100), 10);
    Duration stall = section.duration("stall_timeout", Duration.ofSeconds(60));
    Duration deadline = section.duration("deadline", Duration.ofHours(1));
    Set<String> hosts =
        new LinkedHashSet<>(
            section.value("allowed_hosts", Places.HOSTS, usualHosts(tedge, broker)));
    Optional<String> usualGateway = Optional.of(broker).filter(host -> !Hosts.isThisMachine(host));
    Optional<String> gateway = section.value("gateway_host", Places.HOST.orNone(), usualGateway);
    gateway.ifPresent(hosts::add);
    return new DownloadSettings(
        maxSize, minFree, attempts, stall, deadline, hosts, gateway, trust(section, tedge));
  }

  private static Set<String> usualHosts(TedgeToml tedge, String broker) {
    Set<String> hosts = new LinkedHashSet<>(List.of(broker));
    Stream.of(tedge.httpHost(), tedge.proxyHost())
        .flatMap(setting -> setting.flatMap(host -> Hosts.parse(host.value())).stream())
        .forEach(hosts::add);
    hosts.addAll(LOOPBACK);
    return hosts;
  }

  /** Thin-edge has no setting for whom to trust here; its clients ask the machine's store. */
  private static TlsSettings trust(Section section, TedgeToml tedge) {
    tedge.httpCertFile().ifPresent(found -> inherit(section, "cert_file", found));
    tedge.httpKeyFile().ifPresent(found -> inherit(section, "key_file", found));
    return new TlsSettings(
        section.optional("ca_file", Places.FILE_OR_DIRECTORY),
        Places.identity(section, "cert_file", "key_file", Places.FILE));
  }

  private static UpdateSettings updates(Section section, Duration heartbeat, int history) {
    return new UpdateSettings(
        section.value("parallel_downloads", Kinds.number(1, 64), 2),
        section.value("parallel_installs", Kinds.number(1, 1024), 4),
        heartbeat,
        section.duration("busy_retry", Duration.ofSeconds(30)),
        section.duration("busy_timeout", Duration.ofHours(1)),
        section.duration("confirm_interval", Duration.ofSeconds(5)),
        section.value("shutdown_grace", GRACE, Duration.ofMinutes(2)),
        history);
  }

  /** Reads the {@code [[child]]} sections, each with the sub-table of its adapter. */
  private static final class ChildrenReader {
    /** Stands in for an id that had to be refused; takes every form that families ask for. */
    private static final ChildId UNNAMED = new ChildId("unnamed");

    private static final Kind<ChildId> CHILD_ID =
        Kinds.parsed(
                text -> Optional.of(text).filter(ChildId::isValid).map(ChildId::new),
                "1 to 128 characters, none of them / + # or a control character",
                ChildId::value)
            .shared();

    private final Map<String, AdapterProvider> adapters;
    private final List<Child> children = new ArrayList<>();
    private final Map<ChildId, ChildId> externalIds = new LinkedHashMap<>();
    private final Map<ChildId, Origin> ids = new HashMap<>();
    private final Map<ChildId, Origin> names = new HashMap<>();

    ChildrenReader(List<AdapterProvider> adapters) {
      this.adapters =
          adapters.stream()
              .collect(
                  toMap(AdapterProvider::name, it -> it, (first, second) -> first, TreeMap::new));
    }

    List<Child> children() {
      return children;
    }

    Map<ChildId, ChildId> externalIds() {
      return externalIds;
    }

    void read(Section child) {
      Optional<ChildId> given = child.required("id", CHILD_ID);
      ChildId id = given.orElse(UNNAMED);
      ChildId externalId = child.value("external_id", CHILD_ID, id);
      if (given.isPresent() && isNew(ids, child, "id", id)) {
        isNew(names, child, "external_id", externalId);
      }
      externalIds.put(id, externalId);
      Optional<DeviceAdapter> adapter = adapter(child, id);
      Optional<String> bus = child.optional("bus", Kinds.TEXT);
      Duration install = child.duration("install_timeout", Duration.ofMinutes(30));
      Duration confirm = child.duration("confirm_timeout", Duration.ofMinutes(5));
      Duration version = child.duration("version_timeout", Duration.ofSeconds(30));
      adapter.ifPresent(made -> children.add(new Child(id, made, bus, install, confirm, version)));
    }

    private static boolean isNew(Map<ChildId, Origin> seen, Section child, String key, ChildId id) {
      Origin earlier = seen.putIfAbsent(id, child.origin(key));
      if (earlier != null) {
        String taken = "is also the one of the child at " + earlier + "; give each child its own";
        child.problem(key, Text.quoted(id.value()) + " " + taken);
      }
      return earlier == null;
    }

    private Optional<DeviceAdapter> adapter(Section child, ChildId id) {
      Optional<String> name = child.required("adapter", Kinds.TEXT.sharedIf(adapters::containsKey));
      Optional<AdapterProvider> provider = name.flatMap(this::provider);
      if (provider.isEmpty()) {
        name.ifPresent(unknown -> child.problem("adapter", unknownAdapter(unknown)));
        child.passTables();
      }
      return provider.map(known -> known.create(id, child.adapterSection(known.name())));
    }

    private Optional<AdapterProvider> provider(String name) {
      return Optional.ofNullable(adapters.get(name));
    }

    private String unknownAdapter(String name) {
      String known = "adapters are " + String.join(", ", adapters.keySet());
      return "there is no adapter "
          + Text.quoted(name)
          + Problem.didYouMean(name, adapters.keySet())
              .map(question -> "; " + question + " The " + known)
              .orElse("; the " + known);
    }
  }
}
