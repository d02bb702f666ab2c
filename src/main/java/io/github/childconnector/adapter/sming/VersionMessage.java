package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.answer.JsonDocument;
import io.github.childconnector.adapter.answer.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a device says which version it runs, and how to find it in what it says.
 *
 * <p>Samples: {@code 4.3.6}; {@code {"fw":{"version":"4.3.6"}}} with the pointer {@code
 * /fw/version}; {@code v=4.3.6 up=17} with the pattern {@code v=(\S+)}.
 *
 * @param topic what the device publishes to
 * @param pointer to the version in a JSON document
 * @param pattern whose first group is the version
 */
record VersionMessage(String topic, Optional<JsonPointer> pointer, Optional<Pattern> pattern) {
  /** Telemetry; what is longer could keep an unlucky pattern busy for ever. */
  private static final int LARGEST = 4096;

  private static final int LONGEST_VERSION = 200;

  /** The version in a message; empty if there is none. */
  Optional<String> version(byte[] payload) {
    if (payload.length > LARGEST) {
      return Optional.empty();
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    return found(text)
        .map(String::strip)
        .filter(version -> !version.isEmpty() && version.length() <= LONGEST_VERSION);
  }

  private Optional<String> found(String text) {
    if (pointer.isPresent()) {
      return JsonDocument.parse(text).flatMap(document -> document.value(pointer.get()));
    }
    return pattern.isPresent() ? group(pattern.get().matcher(text)) : Optional.of(text);
  }

  private static Optional<String> group(Matcher matcher) {
    return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
  }
}
