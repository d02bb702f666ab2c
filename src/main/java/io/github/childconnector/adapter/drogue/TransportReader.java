package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.mqtt.BrokerReader;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Reads how a device is reached. The keys of all transports are read, whichever is used, but for
 * those of names and networks where a device has a line of its own; a missing key is a problem only
 * for the transport in use.
 */
final class TransportReader {
  private static final String MQTT = "mqtt";
  private static final String CLOUD = "drogue-cloud";
  private static final String HTTP = "http";
  private static final String SERIAL = "serial";
  private static final String TCP = "tcp";

  /** The same for all children that share a connection. */
  private static final String USUAL_CLIENT = "tedge-child-connector-drogue";

  private static final Kind<String> NAME =
      Kinds.matching(
          "[^/+#\\p{Cntrl}]{1,128}",
          "1 to 128 characters, none of them / + # or a control character");

  private static final Set<Integer> BAUDS =
      Set.of(
          1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000,
          921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000);

  private static final Kind<Integer> BAUD =
      Kinds.number(1200, 4_000_000)
          .unless(
              baud ->
                  BAUDS.contains(baud)
                      ? Optional.empty()
                      : Optional.of("must be a speed that serial ports have, for example 115200"));

  /** Longer than TCP takes to send again what was lost, and much longer than any serial adapter. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  private static final Kind<Duration> GAP =
      Kinds.duration(Duration.ofMillis(10), Duration.ofSeconds(10));
  private static final ListenAddress EVERYWHERE = new ListenAddress("0.0.0.0", 8080);
  private static final ListenAddress NOBODY = new ListenAddress("localhost", 1);

  private final ChildId child;
  private final Section section;

  TransportReader(ChildId child, Section section) {
    this.child = child;
    this.section = section;
  }

  DeviceAddress read() {
    String transport =
        section.value("transport", Kinds.oneOf(MQTT, CLOUD, HTTP, SERIAL, TCP), MQTT);
    Optional<ListenAddress> address = address(transport);
    int baud = section.value("baud", BAUD, 115200);
    Duration silence = section.value("frame_gap", GAP, SILENCE);
    return switch (transport) {
      case SERIAL -> new TransportSettings.Line(serial(baud), silence).address();
      case TCP -> new TransportSettings.Line(tcp(address), silence).address();
      default -> named(transport);
    };
  }

  /** Under other transports the address may be half written. */
  private Optional<ListenAddress> address(String transport) {
    if (transport.equals(TCP)) {
      return section.optional("address", ListenAddress.KIND);
    }
    section.optional("address", Kinds.TEXT);
    return Optional.empty();
  }

  /** A port of this machine. */
  private Port.Serial serial(int baud) {
    Path device =
        section.required(
            "device",
            Places.PATH,
            Path.of("/"),
            "name the serial port, for example \"/dev/serial/by-id/usb-...\"");
    return new Port.Serial(device, baud);
  }

  /** Somewhere on the network. */
  private Port.Tcp tcp(Optional<ListenAddress> address) {
    section.require(
        "address",
        address.isPresent(),
        "write where the device, or a serial server such as ser2net, listens: for example"
            + " \"192.168.1.30:5000\"");
    return new Port.Tcp(address.orElse(NOBODY));
  }

  private DeviceAddress named(String transport) {
    String device = section.value("device", NAME, child.value());
    Optional<String> application = section.optional("application", NAME);
    Optional<String> group = section.optional("group", NAME);
    BrokerReader broker =
        new BrokerReader(section, transport.equals(HTTP) ? Kinds.BASIC_USERNAME : Kinds.LINE);
    ListenAddress listen = section.value("listen", ListenAddress.KIND, EVERYWHERE);
    section.require(
        "application",
        transport.equals(MQTT) || application.isPresent(),
        "write the device's application, for example \"meters\"");
    Topics.Cloud topics = new Topics.Cloud(application.orElse("?"), group);
    return switch (transport) {
      case HTTP ->
          new DeviceAddress(
              new TransportSettings.Http(listen, broker.identity()),
              device,
              Optional.of(login(broker, device + "@" + topics.application())));
      case CLOUD -> access(broker, "-" + topics.application(), topics, device);
      default -> access(broker, "", new Topics.Plain(), device);
    };
  }

  /**
   * Children with equal settings share a connection; a broker throws out whoever has the id of
   * another.
   *
   * @param purpose tells connections apart that are to the same broker
   */
  private static DeviceAddress access(
      BrokerReader broker, String purpose, Topics topics, String device) {
    String usualId = USUAL_CLIENT + purpose + broker.username().map("-"::concat).orElse("");
    return new DeviceAddress(
        new TransportSettings.Broker(broker.broker(usualId), topics), device, Optional.empty());
  }

  private BasicLogin login(BrokerReader broker, String usual) {
    if (broker.username().isEmpty() && usual.contains(":")) {
      section.problem(
          "username",
          "is missing, and what would stand for it, "
              + Text.quoted(usual)
              + ", has a colon, with which nobody can log in; set what the device logs in as");
    }
    return new BasicLogin(
        broker.username().orElse(usual),
        BasicLogin.password(section, "password_file", broker.passwordFile(), true));
  }
}
