package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.answer.VersionFinder.NoVersionException;
import io.github.childconnector.adapter.sming.Packager.Packaging;
import io.github.childconnector.adapter.sming.Packager.Packaging.Format;
import io.github.childconnector.adapter.sming.VersionRules.SemanticVersion;
import io.github.childconnector.adapter.sming.VersionRules.WirePatch;
import io.github.childconnector.mqtt.BrokerReader;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.VersionText;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A child's {@code [child.sming]} table. A sample of it is in {@code examples/sming}.
 *
 * @param broker the one that the devices are connected to
 * @param rules which versions are published, and where
 * @param images which images are
 * @param packaging in what form
 * @param retainFor how long the image stays at the broker for a device that is away; empty where it
 *     is only for those who are there
 * @param version where the device says what it runs
 * @param log where, without that, the broker says that the device has started again
 */
record SmingSettings(
    MqttSettings broker,
    VersionRules rules,
    ImageRules images,
    Packaging packaging,
    Optional<Duration> retainFor,
    Optional<VersionMessage> version,
    Optional<SubscriptionLog> log) {

  private static final Kind<String> APP =
      Kinds.matching(
          "[\\x21-\\x7e&&[^/+#]]{1,64}", "one level of a topic: 1 to 64 characters without / + #");
  private static final Kind<String> TOPIC =
      Kinds.matching("[^+#\\p{Cntrl}]{1,512}", "one topic, without + and #");
  private static final Kind<String> LINE =
      Kinds.parsed(
              text -> Optional.of(text).filter(SemanticVersion::isLine),
              "of the form major.minor, for example \"4.3\"",
              line -> line)
          .shared();
  private static final Kind<String> ADDRESS =
      Kinds.matching("0x[0-9a-fA-F]{1,8}", "0x and up to 8 hexadecimal digits").shared();

  private static final long USUAL_MAX_SIZE = 1 << 20;

  /** A message lies in memory as a whole. */
  private static final long LARGEST_MAX_SIZE = 4 << 20;

  /** Bytes around the image in a message: above all the topic. */
  private static final int ENVELOPE = 1024;

  /** The slot of the ESP8266 with spiffs-two-roms. */
  private static final long USUAL_SLOT = 992 << 10;

  private static final Duration USUAL_RETAIN_FOR = Duration.ofMinutes(25);

  private static final Duration USUAL_RESTART = Duration.ofMinutes(3);

  /** The one of Sming's sample: whoever uses it throws the devices out. */
  private static final String DEVICE_ID = "sming";

  /** Reads the table, noting all that is wrong with it. */
  static SmingSettings read(ChildId child, Section section) {
    MqttSettings broker = broker(child, section);
    String app =
        section.required(
            "app", APP, "?", "write the APP_ID of the firmware, for example app = \"weather\"");
    Optional<VersionMessage> version = version(section, VersionRules.root(app));
    VersionRules rules = rules(section, app, version.isPresent());
    ImageRules images = images(section);
    return new SmingSettings(
        broker.withLargestMessage(images.maxSize() + ENVELOPE),
        rules,
        images,
        packaging(section),
        retainFor(section, rules, version.isPresent()),
        version,
        log(section, version.isPresent()));
  }

  private static MqttSettings broker(ChildId child, Section section) {
    MqttSettings broker =
        new BrokerReader(section).broker("tedge-child-connector-" + child.value());
    if (broker.clientId().equals(DEVICE_ID)) {
      section.problem(
          "client_id", "must not be \"sming\", which devices use: the broker would throw them out");
    }
    return broker;
  }

  private static Optional<SubscriptionLog> log(Section section, boolean canSee) {
    Optional<String> device = section.optional("device_client_id", Kinds.LINE);
    Duration limit = section.duration("restart_timeout", USUAL_RESTART);
    if (device.isPresent() && canSee) {
      section.problem(
          "device_client_id", "is of no use with version_topic, which shows more; remove it");
    }
    return device.map(id -> new SubscriptionLog(id, limit));
  }

  private static Optional<VersionMessage> version(Section section, String updates) {
    Optional<String> topic = section.optional("version_topic", TOPIC);
    if (topic.filter(it -> it.startsWith(updates)).isPresent()) {
      section.problem(
          "version_topic",
          "must not begin with %s: devices flash whatever is published there"
              .formatted(Text.quoted(updates)));
    }
    VersionFinder finder = VersionFinder.read(section);
    section.require(
        "version_topic",
        topic.isPresent() || finder.isPlain(),
        "write the topic to which the device publishes its version");
    return topic.map(it -> new VersionMessage(it, finder));
  }

  private static VersionRules rules(Section section, String app, boolean canSee) {
    Optional<String> line = section.optional("listens_to", LINE);
    section.require(
        "listens_to",
        line.isPresent() || canSee,
        "write the major.minor whose topic the device subscribes to, for example \"4.3\", or set"
            + " version_topic");
    WirePatch patch =
        section.value(
            "wire_patch",
            Kinds.oneOf(List.of(WirePatch.values()), WirePatch::word),
            WirePatch.SAME);
    String channel = section.optional("channel", Kinds.oneOf("s", "u")).orElse("");
    return new VersionRules(app, channel, line, patch, section.flag("minor_change", false));
  }

  /** An image that stays at the broker is flashed again and again, unless the new one skips it. */
  private static Optional<Duration> retainFor(Section section, VersionRules rules, boolean canSee) {
    boolean retained = section.flag("retained", false);
    Duration length = section.duration("retain_for", USUAL_RETAIN_FOR);
    if (retained && rules.wirePatch() == WirePatch.SAME) {
      section.problem(
          "retained",
          "needs wire_patch = \"one less\", without which the device would flash the image for"
              + " ever");
    }
    if (retained && rules.lineChange()) {
      section.problem("retained", "cannot be used with minor_change; remove one of them");
    }
    if (retained && !canSee) {
      section.problem(
          "retained", "needs version_topic, by which the connector knows when to remove the image");
    }
    return retained ? Optional.of(length) : Optional.empty();
  }

  private static ImageRules images(Section section) {
    return new ImageRules(
        section.value("max_size", Kinds.size(2, LARGEST_MAX_SIZE), USUAL_MAX_SIZE),
        section.value("slot_size", Kinds.size(0, Kinds.LARGEST), USUAL_SLOT),
        section.flag("check_magic", true));
  }

  private static Packaging packaging(Section section) {
    Format format =
        section.value("format", Kinds.oneOf(List.of(Format.values()), Format::word), Format.RAW);
    boolean encrypted = section.flag("encrypt", false);
    Optional<Path> key = section.path("ota_key_file");
    if (encrypted && format == Format.RAW) {
      section.problem("encrypt", "cannot be used with format = \"raw\", which has no encryption");
    }
    section.require(
        "ota_key_file",
        key.isPresent() || !(encrypted || format == Format.OTA_SIGNED),
        "name the ota.key that otatool has made, beginning with /");
    return new Packaging(format, encrypted, key, address(section, format));
  }

  private static int address(Section section, Format format) {
    Optional<String> address = section.optional("address", ADDRESS);
    section.require(
        "address",
        address.isPresent() || !format.isMadeHere(),
        "write where in the flash the image belongs, for example \"0x2000\" (ESP8266) or"
            + " \"0x110000\" (ESP32)");
    return address.map(text -> Integer.parseUnsignedInt(text.substring(2), 16)).orElse(0);
  }

  /**
   * The topic on which a device says which version it runs, and how that is found in what it says.
   *
   * @param topic what the device publishes to
   */
  record VersionMessage(String topic, VersionFinder finder) {
    /** In bytes; a version comes with a little telemetry. */
    private static final int LARGEST = 4096;

    /** The version in a message. */
    String version(byte[] payload) throws NoVersionException {
      if (payload.length > LARGEST) {
        throw new NoVersionException("that has more than %d bytes".formatted(LARGEST));
      }
      return finder.find(new String(payload, StandardCharsets.UTF_8));
    }

    /** Whether a message says that this version runs. */
    boolean tells(byte[] payload, String version) {
      try {
        return VersionText.isSame(version(payload), version);
      } catch (NoVersionException e) {
        return false;
      }
    }
  }

  /**
   * The lines that mosquitto publishes about subscriptions where its configuration has {@code
   * log_dest topic} and {@code log_type subscribe}: by it a device is seen to start again, and on
   * which topic it then waits, which is its minor version.
   *
   * <p>Sample: {@code 1700000000: weather-1 0 a/weather/u/4.4}.
   *
   * @param clientId of the device
   * @param limit how long a device may take to flash and start
   */
  record SubscriptionLog(String clientId, Duration limit) {
    static final String TOPIC = "$SYS/broker/log/M/subscribe";

    /** Whether a line says that the device subscribes to a topic, or to all of its channels. */
    boolean tells(byte[] line, String topic) {
      String device = "(.*: )?" + Pattern.quote(clientId) + " [012] ";
      String all = topic.replaceFirst("/[su]$", "") + "/+";
      return new String(line, StandardCharsets.UTF_8)
          .strip()
          .matches(device + "(" + Pattern.quote(topic) + "|" + Pattern.quote(all) + ")");
    }
  }
}
