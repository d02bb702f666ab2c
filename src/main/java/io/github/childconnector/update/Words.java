package io.github.childconnector.update;

import java.time.Duration;
import java.util.Locale;

/** Durations as the configuration writes them, for example {@code 1h30m} or {@code 5s}. */
final class Words {
  private Words() {}

  static String of(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
