package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.mqtt.BrokerReader;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A child's {@code [child.drogue]} table; the package documentation has a sample.
 *
 * @param address where the device is to be found
 * @param directory where the connector remembers what was sent to devices
 * @param blocks in which pieces an image is sent
 * @param maxVersion in bytes, the longest version that the device has room for
 * @param capacity in bytes, the largest image that it has room for; empty if it is not known
 * @param attempts how often the device may run the old version again
 * @param pollTimeout how long an update waits for the device to say anything
 */
record DrogueSettings(
    DeviceAddress address,
    Path directory,
    BlockRules blocks,
    int maxVersion,
    Optional<Long> capacity,
    int attempts,
    Duration pollTimeout) {

  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/drogue");

  /** Some devices have a buffer of 2048 bytes and say so, but it has to hold the whole answer. */
  private static final int USUAL_BLOCK = 1024;

  private static final int USUAL_VERSION = 16;

  private static final Pattern BYTE = Pattern.compile("[0-9A-Fa-f]{2}");
  private static final Kind<Byte> PADDING =
      Kinds.parsed(
              DrogueSettings::singleByte,
              "a byte in two hexadecimal digits, for example \"ff\"",
              HexFormat.of()::toHexDigits)
          .shared();
  private static final long LARGEST = 0xFFFF_FFFFL;

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

  /** Reads the table, noting all that is wrong with it. */
  static DrogueSettings read(ChildId child, Section section) {
    Duration pollTimeout =
        section.value("poll_timeout", Kinds.atLeast(Duration.ofSeconds(1)), Duration.ofMinutes(5));
    DeviceAddress address = address(child, section).with(idlePoll(section, pollTimeout));
    return new DrogueSettings(
        address,
        section.value("directory", Places.PATH, DIRECTORY),
        blocks(section, address.transport().largestBlock()),
        section.number("max_version", USUAL_VERSION, 1, 255),
        Optional.of(section.value("capacity", Kinds.size(0, Kinds.LARGEST), 0L))
            .filter(capacity -> capacity > 0),
        section.number("attempts", 2, 1, 10),
        pollTimeout);
  }

  private static Optional<Duration> idlePoll(Section section, Duration pollTimeout) {
    Duration pause =
        section.value(
            "idle_poll", Kinds.duration(Duration.ZERO, Duration.ofDays(1)), Duration.ZERO);
    if (pause.compareTo(pollTimeout) >= 0) {
      section.problem(
          "idle_poll",
          "is not less than poll_timeout, so that every update would find the device busy");
    }
    // The protocol has whole seconds.
    return Optional.of(pause).filter(each -> each.toSeconds() > 0);
  }

  private static BlockRules blocks(Section section, int largest) {
    int block = section.number("max_block", USUAL_BLOCK, 1, TransportSettings.MOST_DATA);
    int alignment = section.number("alignment", 1, 1, 4096);
    if (alignment > Math.min(block, largest)) {
      section.problem("alignment", "is more than a block has (max_block); lower it");
    }
    return new BlockRules(
        Math.min(block, largest), alignment, section.optional("padding", PADDING));
  }

  private static Optional<Byte> singleByte(String digits) {
    return Optional.of(digits)
        .filter(text -> BYTE.matcher(text).matches())
        .map(text -> (byte) HexFormat.fromHexDigits(text));
  }

  /**
   * Reads how a device is reached. The keys of all transports are read, whichever is used, but for
   * those of names and networks where a device has a line of its own; a missing key is a problem
   * only for the transport in use.
   */
  static DeviceAddress address(ChildId child, Section section) {
    String transport =
        section.value("transport", Kinds.oneOf(MQTT, CLOUD, HTTP, SERIAL, TCP), MQTT);
    Optional<ListenAddress> address = tcpAddress(section, transport);
    int baud = section.value("baud", BAUD, 115200);
    Duration silence = section.value("frame_gap", GAP, SILENCE);
    return switch (transport) {
      case SERIAL -> new TransportSettings.Line(serial(section, baud), silence).address();
      case TCP -> new TransportSettings.Line(tcp(section, address), silence).address();
      default -> named(child, section, transport);
    };
  }

  /** Under other transports the address may be half written. */
  private static Optional<ListenAddress> tcpAddress(Section section, String transport) {
    if (transport.equals(TCP)) {
      return section.optional("address", ListenAddress.KIND);
    }
    section.optional("address", Kinds.TEXT);
    return Optional.empty();
  }

  private static Port.Serial serial(Section section, int baud) {
    Path device =
        section.required(
            "device",
            Places.PATH,
            Path.of("/"),
            "name the serial port, for example \"/dev/serial/by-id/usb-...\"");
    return new Port.Serial(device, baud);
  }

  private static Port.Tcp tcp(Section section, Optional<ListenAddress> address) {
    section.require(
        "address",
        address.isPresent(),
        "write where the device, or a serial server such as ser2net, listens: for example"
            + " \"192.168.1.30:5000\"");
    return new Port.Tcp(address.orElse(NOBODY));
  }

  private static DeviceAddress named(ChildId child, Section section, String transport) {
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
              Optional.of(login(section, broker, device + "@" + topics.application())));
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

  private static BasicLogin login(Section section, BrokerReader broker, String usual) {
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

  /**
   * The rules by which an image is sent. Refuses what cannot end well: a device that gets more than
   * it can take does not say so, but stops in the middle.
   */
  DeliveryRules rules(Installation installation) throws UpdateException {
    String version = installation.update().firmware().version().strip();
    DeviceVersion target = DeviceVersion.of(version);
    if (!target.text().equals(version)) {
      throw refused(
          "The device cannot say that it runs this version, which has half a character in it. Give the firmware another version.");
    }
    long size = installation.image().size();
    long sent = blocks.sent(size);
    check(target, size, sent);
    return new DeliveryRules(target, sent, blocks, attempts);
  }

  private void check(DeviceVersion version, long size, long sent) throws UpdateException {
    if (version.bytes().length > maxVersion) {
      throw refused(
          "The version %s has %d bytes and the device has room for %d (max_version). Give the firmware a shorter version."
              .formatted(version, version.bytes().length, maxVersion));
    }
    if (size == 0) {
      throw refused("The image is empty. Upload the firmware again.");
    }
    if (sent > capacity.orElse(LARGEST)) {
      throw refused(
          "The image has %d bytes, with its padding, and the device has room for %d (capacity). Build a smaller one."
              .formatted(sent, capacity.orElse(LARGEST)));
    }
  }

  private static UpdateException refused(String sentence) {
    return new UpdateException(FailureCode.INSTALL_FAILED, sentence);
  }

  /**
   * The pieces in which an image is sent.
   *
   * @param largest bytes of one block at the most, whatever the device says
   * @param alignment what the length of each block is a multiple of, but for the last
   * @param padding the byte with which the last is filled up; empty if it is not
   */
  record BlockRules(int largest, int alignment, Optional<Byte> padding) {
    /** Bytes that a device takes if it does not say how many. */
    private static final long USUAL_MTU = 512;

    /** How many bytes are in a block for a device; 0 if none can be. */
    int length(Optional<Long> mtu) {
      long most = Math.min(mtu.orElse(USUAL_MTU), largest);
      return (int) (most - most % alignment);
    }

    /** This number of bytes of padding; zeros if there is none, for a place to read into. */
    byte[] padding(int length) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, padding.orElse((byte) 0));
      return bytes;
    }

    /** How many bytes are sent of an image. */
    long sent(long size) {
      return padding.isEmpty() ? size : (size + alignment - 1) / alignment * alignment;
    }
  }
}
