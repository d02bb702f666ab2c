package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.sming.Packaging.Format;
import io.github.childconnector.operation.ChildId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a child's {@code [child.sming]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Pattern APP = Pattern.compile("[\\x21-\\x7e&&[^/+#]]{1,64}");
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{1,8}");
  private static final long USUAL_MAX_SIZE = 1 << 20;
  private static final long LARGEST_MAX_SIZE = 4 << 20;

  /** Of the ESP8266 with spiffs-two-roms. */
  private static final long USUAL_SLOT = 992 << 10;

  private static final Duration USUAL_RETAIN_FOR = Duration.ofMinutes(25);

  private static final Duration USUAL_RESTART = Duration.ofMinutes(3);

  private final ChildId child;
  private final AdapterSettings settings;

  SettingsReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
  }

  SmingSettings read() {
    UpdateTopic topic = topic();
    Optional<VersionMessage> version = new VersionMessageReader(settings, topic).read();
    VersionRules rules = rules(topic, version.isPresent());
    ImageRules images = images();
    return new SmingSettings(
        new BrokerReader(child, settings).read(images.maxSize()),
        rules,
        images,
        packaging(),
        retainFor(rules, version.isPresent()),
        version,
        log(version.isPresent()));
  }

  private Optional<SubscriptionLog> log(boolean canSee) {
    Optional<String> device = settings.string("device_client_id");
    Duration limit = settings.duration("restart_timeout", USUAL_RESTART);
    if (device.isPresent() && canSee) {
      settings.problem(
          "device_client_id", "is of no use with version_topic, which shows more; remove it");
    }
    return device.map(id -> new SubscriptionLog(id, limit));
  }

  private UpdateTopic topic() {
    Optional<String> app = settings.string("app");
    if (app.isEmpty()) {
      settings.problem(
          "app", "is missing; write the APP_ID of the firmware, for example app = \"weather\"");
    }
    if (app.filter(id -> !APP.matcher(id).matches()).isPresent()) {
      settings.problem("app", "must be one level of a topic: 1 to 64 characters without / + #");
    }
    return new UpdateTopic(app.orElse("?"), choice("channel", List.of("", "s", "u")));
  }

  private VersionRules rules(UpdateTopic topic, boolean canSee) {
    Optional<String> line = settings.string("listens_to");
    if (line.isEmpty() && !canSee) {
      settings.problem(
          "listens_to",
          "is missing; write the major.minor whose topic the device subscribes to, for example"
              + " \"4.3\", or set version_topic");
    }
    if (line.filter(text -> !SemanticVersion.isLine(text)).isPresent()) {
      settings.problem("listens_to", "must be of the form major.minor, for example \"4.3\"");
    }
    boolean isLess = choice("wire_patch", List.of("same", "one less")).equals("one less");
    WirePatch patch = isLess ? WirePatch.ONE_LESS : WirePatch.SAME;
    return new VersionRules(topic, line, patch, settings.flag("minor_change", false));
  }

  /** An image that stays at the broker is flashed again and again, unless the new one skips it. */
  private Optional<Duration> retainFor(VersionRules rules, boolean canSee) {
    boolean retained = settings.flag("retained", false);
    Duration length = settings.duration("retain_for", USUAL_RETAIN_FOR);
    if (retained && rules.wirePatch() == WirePatch.SAME) {
      settings.problem(
          "retained",
          "needs wire_patch = \"one less\", without which the device would flash the image for ever");
    }
    if (retained && rules.lineChange()) {
      settings.problem("retained", "cannot be used with minor_change; remove one of them");
    }
    if (retained && !canSee) {
      settings.problem(
          "retained", "needs version_topic, by which the connector knows when to remove the image");
    }
    return retained ? Optional.of(length) : Optional.empty();
  }

  private ImageRules images() {
    long maxSize = settings.size("max_size", USUAL_MAX_SIZE);
    if (maxSize < 2 || maxSize > LARGEST_MAX_SIZE) {
      settings.problem(
          "max_size", "must be from 2 bytes to \"4MiB\": it lies in memory as a whole");
    }
    long slot = settings.size("slot_size", USUAL_SLOT);
    return new ImageRules(maxSize, slot, settings.flag("check_magic", true));
  }

  private Packaging packaging() {
    Format format = format();
    boolean encrypted = settings.flag("encrypt", false);
    Optional<Path> key = settings.path("ota_key_file");
    if (encrypted && format == Format.RAW) {
      settings.problem("encrypt", "cannot be used with format = \"raw\", which has no encryption");
    }
    if (key.isEmpty() && (encrypted || format == Format.OTA_SIGNED)) {
      settings.problem(
          "ota_key_file", "is missing; name the ota.key that otatool has made, beginning with /");
    }
    return new Packaging(format, encrypted, key, address(format));
  }

  private Format format() {
    List<String> words = Arrays.stream(Format.values()).map(Format::word).toList();
    String word = choice("format", words);
    return Arrays.stream(Format.values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElse(Format.RAW);
  }

  private int address(Format format) {
    Optional<String> address = settings.string("address");
    if (format.isMadeHere() && address.isEmpty()) {
      settings.problem(
          "address",
          "is missing; write where in the flash the image belongs, for example \"0x2000\""
              + " (ESP8266) or \"0x110000\" (ESP32)");
    }
    if (address.filter(text -> !ADDRESS.matcher(text).matches()).isPresent()) {
      settings.problem("address", "must be 0x and up to 8 hexadecimal digits");
      return 0;
    }
    return address.map(text -> Integer.parseUnsignedInt(text.substring(2), 16)).orElse(0);
  }

  /** One of these words, the first of which counts where there is none. */
  private String choice(String key, List<String> words) {
    Optional<String> word = settings.string(key);
    if (word.filter(it -> !words.contains(it)).isPresent()) {
      settings.problem(
          key,
          words.stream()
              .map("\"%s\""::formatted)
              .collect(Collectors.joining(", ", "must be one of ", "")));
    }
    return word.filter(words::contains).orElse(words.get(0));
  }
}
