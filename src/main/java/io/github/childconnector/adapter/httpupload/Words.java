package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.AdapterSettings;
import java.time.Duration;
import java.util.List;

/** Reads single values that only some words, times or paths may be. */
final class Words {
  private final AdapterSettings settings;

  Words(AdapterSettings settings) {
    this.settings = settings;
  }

  /** One of some words; the first where it is absent or wrong. */
  String oneOf(String key, String... words) {
    List<String> known = List.of(words);
    String word = settings.string(key).orElse(words[0]);
    if (known.contains(word)) {
      return word;
    }
    settings.problem(key, "must be \"" + String.join("\" or \"", known) + "\"");
    return words[0];
  }

  /** A length of time that something may take. */
  Duration time(String key, Duration byDefault) {
    Duration time = settings.duration(key, byDefault);
    if (time.isZero() || time.isNegative()) {
      settings.problem(key, "must be longer than nothing; leave it out for its default");
    }
    return time;
  }
}
