package io.github.childconnector.adapter.drogue;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.operation.FirmwareUpdate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A delivery as text, with the operation and the image it is of; versions are in hexadecimal
 * digits:
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
 * trial=true
 * end
 * </pre>
 */
final class DeliveryText {
  private static final HexFormat HEX = HexFormat.of();

  private final String operation;
  private final String image;
  private final String target;

  DeliveryText(FirmwareUpdate update) {
    operation = update.key().id();
    image = update.digest().hex();
    target = hex(DeviceVersion.of(update.firmware().version().strip()));
  }

  private static String hex(DeviceVersion version) {
    return HEX.formatHex(version.bytes());
  }

  String write(Delivery delivery) {
    return String.join(
        "\n",
        "operation=" + operation,
        "image=" + image,
        "target=" + target,
        "first=" + delivery.first(),
        "delivered=" + delivery.delivered(),
        "old=" + delivery.old().map(DeliveryText::hex).orElse(""),
        "swaps=" + delivery.swaps(),
        "reverts=" + delivery.reverts(),
        "losses=" + delivery.losses(),
        "doubts=" + delivery.doubts(),
        "doubted=" + delivery.doubted().map(DeliveryText::claim).orElse(""),
        "trial=" + delivery.trial(),
        "end\n");
  }

  private static String claim(Status.Received claim) {
    return hex(claim.version()) + "@" + claim.offset();
  }

  /** What of a text counts for this operation; empty if the text is damaged. */
  Optional<Delivery> parse(String text) {
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

  private Delivery read(Map<String, String> fields) {
    Delivery delivery =
        new Delivery(
            number(fields, "first"),
            number(fields, "delivered"),
            version(field(fields, "old")),
            count(fields, "swaps"),
            count(fields, "reverts"),
            count(fields, "losses"),
            count(fields, "doubts"),
            claim(field(fields, "doubted")),
            field(fields, "trial").equals("true"));
    boolean isSame = field(fields, "image").equals(image) && field(fields, "target").equals(target);
    return isSame && field(fields, "operation").equals(operation)
        ? delivery
        : delivery.inherited(isSame);
  }

  private static String field(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(field(fields, name));
  }

  private static int count(Map<String, String> fields, String name) {
    return Integer.parseInt(field(fields, name));
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
