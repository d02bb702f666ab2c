package io.github.childconnector.adapter;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A child's sub-table of the configuration, as its adapter reads it. What has the wrong type is
 * noted as a problem and read as if it were absent; so is, without a problem, an empty text or
 * list. A key that the adapter never asked for is unknown, and refused.
 */
public interface AdapterSettings {

  /** A text. */
  Optional<String> string(String key);

  /** A list of texts. */
  Optional<List<String>> strings(String key);

  /** A program with its arguments: a list with at least one text, the first not empty. */
  Optional<List<String>> command(String key);

  /** {@code true} or {@code false}. */
  boolean flag(String key, boolean byDefault);

  /** A whole number from {@code least} to {@code most}. */
  int number(String key, int byDefault, int least, int most);

  /** A length of time such as "30s", "5m" or "2h". */
  Duration duration(String key, Duration byDefault);

  /** A size in bytes, such as "64MiB". */
  long size(String key, long byDefault);

  /** A path that begins with a slash; nobody looks whether there is anything. */
  default Optional<Path> path(String key) {
    try {
      Optional<Path> path = string(key).map(Path::of);
      if (path.isPresent() && !path.get().isAbsolute()) {
        problem(key, "is not absolute; begin it with /");
      }
      return path;
    } catch (InvalidPathException e) {
      problem(key, "cannot be a path; begin it with /");
      return Optional.empty();
    }
  }

  /** A table of texts that are never shown, such as passwords; empty where it is absent. */
  Map<String, String> secrets(String key);

  /**
   * Notes that a key cannot stay as it is; the sentence says what to write instead. Without effect
   * where the key had the wrong type, which is noted already.
   */
  void problem(String key, String sentence);
}
