package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.AdapterSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  /** A path that begins with a slash. */
  Optional<Path> file(String key) {
    try {
      Optional<Path> file = settings.string(key).map(Path::of);
      if (file.isPresent() && !file.get().isAbsolute()) {
        settings.problem(key, "is not absolute; begin it with /");
      }
      return file;
    } catch (InvalidPathException e) {
      settings.problem(key, "cannot be a path; name a file, beginning with /");
      return Optional.empty();
    }
  }
}
