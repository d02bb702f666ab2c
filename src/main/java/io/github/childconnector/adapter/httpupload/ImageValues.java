package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.settings.Text;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/** The values of {@code {size}} and the like, in addresses and form fields. */
final class ImageValues {
  private static final List<String> KNOWN = List.of("name", "version", "sha256", "md5", "size");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z0-9_]+)}");

  private final Firmware firmware;
  private final FirmwareImage image;

  ImageValues(Installation installation) {
    this.firmware = installation.update().firmware();
    this.image = installation.image();
  }

  /** Tells what keeps a text from being filled. */
  static Optional<String> problem(String text) {
    return PLACEHOLDER
        .matcher(text)
        .results()
        .filter(found -> !KNOWN.contains(found.group(1)))
        .findFirst()
        .map(
            found ->
                "holds %s, which has no value here; use {%s}"
                    .formatted(Text.quoted(found.group()), String.join("} {", KNOWN)));
  }

  /** The text with something harmless for each placeholder. */
  static String withoutPlaceholders(String text) {
    return PLACEHOLDER.matcher(text).replaceAll("x");
  }

  static boolean isFilled(String text) {
    return PLACEHOLDER.matcher(text).find();
  }

  /** The text with the values in their places. */
  String fill(String text) throws IOException {
    return fill(text, value -> value);
  }

  /** The same, with each value encoded for its place. */
  String fill(String text, UnaryOperator<String> encoding) throws IOException {
    StringBuilder filled = new StringBuilder();
    Matcher found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      String value = encoding.apply(value(found.group(1)));
      found.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return found.appendTail(filled).toString();
  }

  private String value(String name) throws IOException {
    return switch (name) {
      case "name" -> firmware.name();
      case "version" -> firmware.version();
      case "sha256" -> image.digest().hex();
      case "md5" -> md5();
      case "size" -> Long.toString(image.size());
      default -> "{" + name + "}";
    };
  }

  /** Read for those who want it only: it is no proof of anything, but some updaters compare it. */
  private String md5() throws IOException {
    try (InputStream file = image.open()) {
      return DigestUtils.md5Hex(file);
    }
  }
}
