package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.answer.JsonPointer;
import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.VersionFinder;
import java.util.Optional;
import java.util.regex.Pattern;

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
    VersionFinder finder = new VersionFinder(pointer, pattern());
    if (topic.isEmpty() && !finder.isPlain()) {
      settings.problem(
          "version_topic", "is missing; write the topic to which the device publishes its version");
    }
    return topic.map(it -> new VersionMessage(it, finder));
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

  private Optional<SearchPattern> pattern() {
    Optional<SearchPattern> pattern = settings.string("version_pattern").map(SearchPattern::new);
    Optional<String> problem = pattern.flatMap(it -> it.problem(1));
    problem.ifPresent(sentence -> settings.problem("version_pattern", sentence));
    return problem.isPresent() ? Optional.empty() : pattern;
  }
}
