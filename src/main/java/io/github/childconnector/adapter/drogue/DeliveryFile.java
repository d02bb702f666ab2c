package io.github.childconnector.adapter.drogue;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The file that remembers what was sent to one device, so that a connector that starts again can
 * tell whether what the device claims is true. It is written before anything is sent that it does
 * not cover; for long transfers it covers more than was sent, or each block would cost a write. It
 * names the operation and the image it is of; versions are in hexadecimal digits:
 *
 * <pre>
 * operation=c8y-mapper-4711
 * image=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
 * target=322e30
 * first=512
 * delivered=66048
 * old=312e30
 * swaps=1
 * reverts=0
 * losses=0
 * doubts=1
 * doubted=322e30@1024
 * asked=false
 * trial=true
 * end
 * </pre>
 */
final class DeliveryFile {
  private static final Logger LOG = System.getLogger(DeliveryFile.class.getName());
  private static final HexFormat HEX = HexFormat.of();
  private static final int LARGEST = 4096;
  private static final int LONGEST_NAME = 120;

  /** Bytes that are covered ahead. */
  static final long LEAP = 64 << 10;

  private final Disk disk;
  private final Path file;
  private final String operation;
  private final String image;
  private final DeliveryRules rules;
  private DeliveryState kept = DeliveryState.NONE;

  private DeliveryFile(Disk disk, Path directory, FirmwareUpdate update, DeliveryRules rules) {
    this.disk = disk;
    this.file = directory.resolve(name(update.key().child()));
    this.operation = update.key().id();
    this.image = update.digest().map(Sha256::hex).orElse("");
    this.rules = rules;
  }

  /** Reads what is known of a delivery to a device, which goes on by these rules. */
  static DeliveryFile open(Disk disk, Path directory, FirmwareUpdate update, DeliveryRules rules)
      throws IOException {
    DeliveryFile opened = new DeliveryFile(disk, directory, update, rules);
    disk.createDirectory(directory);
    opened.kept = opened.read();
    return opened;
  }

  /** Returns for example {@code meter-1.delivery}; what a file's name may not hold is escaped. */
  private static String name(ChildId child) {
    String name = URLEncoder.encode(child.value(), StandardCharsets.UTF_8);
    String hash = "%08x".formatted(child.value().hashCode());
    boolean isLong = name.length() > LONGEST_NAME;
    return (isLong ? name.substring(0, LONGEST_NAME) + "." + hash : name) + ".delivery";
  }

  private DeliveryState read() throws IOException {
    if (!disk.exists(file)) {
      return DeliveryState.NONE;
    }
    try (InputStream in = disk.read(file)) {
      String content = new String(in.readNBytes(LARGEST), StandardCharsets.US_ASCII);
      Optional<DeliveryState> delivery = parse(content);
      if (delivery.isEmpty()) {
        LOG.log(Level.WARNING, "{0} is damaged; what the device has got is sent again", file);
      }
      return delivery.orElse(DeliveryState.UNKNOWN);
    }
  }

  DeliveryRules rules() {
    return rules;
  }

  DeliveryState delivery() {
    return kept;
  }

  /** Returns when this, or more, would survive a power cut. */
  void keep(DeliveryState delivery) throws IOException {
    if (delivery.upTo(kept.delivered()).equals(kept)) {
      return;
    }
    DeliveryState ahead =
        delivery.isUnderWay()
            ? delivery.upTo(Math.min(rules.size(), delivery.delivered() + LEAP))
            : delivery;
    disk.replace(file, write(ahead).getBytes(StandardCharsets.US_ASCII));
    kept = ahead;
  }

  /** Forgets it: the device runs the image. */
  void remove() throws IOException {
    disk.delete(file);
    kept = DeliveryState.NONE;
  }

  private String write(DeliveryState delivery) {
    return String.join(
        "\n",
        "operation=" + operation,
        "image=" + image,
        "target=" + rules.target().hex(),
        "first=" + delivery.first(),
        "delivered=" + delivery.delivered(),
        "old=" + delivery.old().map(DeviceVersion::hex).orElse(""),
        "swaps=" + delivery.swaps(),
        "reverts=" + delivery.reverts(),
        "losses=" + delivery.losses(),
        "doubts=" + delivery.doubts(),
        "doubted=" + delivery.doubted().map(DeliveryFile::claim).orElse(""),
        "asked=" + delivery.isAsked(),
        "trial=" + delivery.trial(),
        "end\n");
  }

  private static String claim(Status.Received claim) {
    return claim.version().hex() + "@" + claim.offset();
  }

  /** Reads what is of use for this operation; empty if the text is damaged. */
  private Optional<DeliveryState> parse(String text) {
    try {
      return text.endsWith("\nend\n") ? Optional.of(read(fields(text))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> fields(String text) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> !line.equals("end"))
        .map(line -> line.split("=", 2))
        .collect(toMap(parts -> parts[0], parts -> parts[parts.length - 1], (one, other) -> other));
  }

  private DeliveryState read(Map<String, String> fields) {
    DeliveryState delivery =
        new DeliveryState(
            Long.parseLong(field(fields, "first")),
            Long.parseLong(field(fields, "delivered")),
            version(field(fields, "old")),
            Integer.parseInt(field(fields, "swaps")),
            Integer.parseInt(field(fields, "reverts")),
            Integer.parseInt(field(fields, "losses")),
            Integer.parseInt(field(fields, "doubts")),
            claim(field(fields, "doubted")),
            "true".equals(fields.get("asked")),
            field(fields, "trial").equals("true"));
    boolean isSame =
        field(fields, "image").equals(image)
            && field(fields, "target").equals(rules.target().hex());
    return isSame && field(fields, "operation").equals(operation)
        ? delivery
        : delivery.inherited(isSame);
  }

  private static String field(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }

  private static Optional<DeviceVersion> version(String hex) {
    return hex.isEmpty() ? Optional.empty() : Optional.of(DeviceVersion.of(HEX.parseHex(hex)));
  }

  private static Optional<Status.Received> claim(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int at = text.indexOf('@');
    DeviceVersion version = DeviceVersion.of(HEX.parseHex(text.substring(0, Math.max(0, at))));
    return Optional.of(new Status.Received(version, Long.parseLong(text.substring(at + 1))));
  }
}
