package io.github.childconnector.adapter.drogue;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.operation.ChildId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads how a device is reached. The keys of all transports are read, whichever counts, but for
 * those of names and networks where a device has a line of its own; what is missing is missed for
 * the one that counts.
 */
final class TransportReader {
  private static final String MQTT = "mqtt";
  private static final String CLOUD = "drogue-cloud";
  private static final String HTTP = "http";
  private static final String SERIAL = "serial";
  private static final String TCP = "tcp";
  private static final List<String> TRANSPORTS = List.of(MQTT, CLOUD, HTTP, SERIAL, TCP);

  /** One level of a topic. */
  private static final Pattern NAME = Pattern.compile("[^/+#\\p{Cntrl}]{1,128}");

  private static final ListenAddress EVERYWHERE = new ListenAddress("0.0.0.0", 8080);
  private static final Path NOWHERE = Path.of("/");

  private final ChildId child;
  private final AdapterSettings settings;

  TransportReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
  }

  Access read() {
    String transport = transport();
    LineReader line = new LineReader(settings);
    return switch (transport) {
      case SERIAL -> line.serial().access();
      case TCP -> line.tcp().access();
      default -> named(transport);
    };
  }

  private Access named(String transport) {
    String device = name("device").orElse(child.value());
    Optional<String> application = name("application");
    Optional<String> group = name("group");
    LinkReader link = new LinkReader(settings);
    ListenAddress listen = listen();
    if (!transport.equals(MQTT) && application.isEmpty()) {
      settings.problem(
          "application", "is missing; write the device's application, for example \"meters\"");
    }
    CloudTopics topics = new CloudTopics(application.orElse("?"), group);
    return switch (transport) {
      case HTTP ->
          new Access(
              new HttpSettings(listen, link.identity()),
              device,
              Optional.of(login(link, device + "@" + topics.application())));
      case CLOUD ->
          access(new BrokerSettings(link.broker("-" + topics.application()), topics), device);
      default -> access(new BrokerSettings(link.broker(""), new GatewayTopics()), device);
    };
  }

  private static Access access(TransportSettings transport, String device) {
    return new Access(transport, device, Optional.empty());
  }

  private String transport() {
    String transport = settings.string("transport").orElse(MQTT);
    if (!TRANSPORTS.contains(transport)) {
      settings.problem(
          "transport",
          TRANSPORTS.stream()
              .map("\"%s\""::formatted)
              .collect(joining(", ", "must be one of ", "")));
    }
    return transport;
  }

  private Optional<String> name(String key) {
    Optional<String> name = settings.string(key);
    if (name.filter(text -> !NAME.matcher(text).matches()).isPresent()) {
      settings.problem(key, "must have 1 to 128 characters, none of them / + # or a control one");
    }
    return name;
  }

  private ListenAddress listen() {
    Optional<String> text = settings.string("listen");
    Optional<ListenAddress> listen =
        text.isEmpty() ? Optional.of(EVERYWHERE) : ListenAddress.parse(text.get());
    if (listen.isEmpty()) {
      settings.problem("listen", "must be an address and a port, for example \"192.168.1.1:8080\"");
    }
    return listen.orElse(EVERYWHERE);
  }

  private BasicLogin login(LinkReader link, String usual) {
    if (link.passwordFile().isEmpty()) {
      settings.problem(
          "password_file", "is missing; name a file whose first line is the device's password");
    }
    String username = link.username().orElse(usual);
    if (username.contains(":")) {
      settings.problem("username", "has a colon, which no login can have");
    }
    return new BasicLogin(username, new SecretFile(link.passwordFile().orElse(NOWHERE)));
  }
}
