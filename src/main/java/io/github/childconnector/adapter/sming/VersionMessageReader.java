package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.answer.JsonPointer;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads where and how the device says its version. */
final class VersionMessageReader {
  private static final Pattern TOPIC = Pattern.compile("[^+#\\p{Cntrl}]{1,512}");

  private final AdapterSettings settings;
  private final UpdateTopic updates;

  VersionMessageReader(AdapterSettings settings, UpdateTopic updates) {
    this.settings = settings;
    this.updates = updates;
  }

  Optional<VersionMessage> read() {
    Optional<String> topic = settings.string("version_topic");
    topic.flatMap(this::problem).ifPresent(it -> settings.problem("version_topic", it));
    Optional<JsonPointer> pointer = pointer();
    Optional<Pattern> pattern = pattern();
    if (pointer.isPresent() && pattern.isPresent()) {
      settings.problem(
          "version_pattern", "cannot be used with version_pointer; remove one of them");
    }
    if (topic.isEmpty() && (pointer.isPresent() || pattern.isPresent())) {
      settings.problem(
          "version_topic", "is missing; write the topic to which the device publishes its version");
    }
    return topic.map(it -> new VersionMessage(it, pointer, pattern));
  }

  private Optional<String> problem(String topic) {
    if (!TOPIC.matcher(topic).matches()) {
      return Optional.of("must be one topic, without + and #");
    }
    return topic.startsWith(updates.root())
        ? Optional.of(
            "must not begin with " + updates.root() + ": devices flash whatever is published there")
        : Optional.empty();
  }

  private Optional<JsonPointer> pointer() {
    Optional<String> text = settings.string("version_pointer");
    Optional<JsonPointer> pointer = text.flatMap(JsonPointer::parse);
    if (text.isPresent() && pointer.isEmpty()) {
      settings.problem(
          "version_pointer", "must be a JSON pointer, for example \"/firmware/version\"");
    }
    return pointer;
  }

  private Optional<Pattern> pattern() {
    Optional<Pattern> pattern = settings.string("version_pattern").flatMap(this::compile);
    if (pattern.filter(it -> it.matcher("").groupCount() != 1).isPresent()) {
      settings.problem(
          "version_pattern", "must have one group, which is the version: \"version=(\\\\S+)\"");
    }
    return pattern;
  }

  private Optional<Pattern> compile(String text) {
    try {
      return Optional.of(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      settings.problem(
          "version_pattern", "is no regular expression of Java: " + e.getDescription());
      return Optional.empty();
    }
  }
}
