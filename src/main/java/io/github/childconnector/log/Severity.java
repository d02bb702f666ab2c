package io.github.childconnector.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;

/** The four weights of a log line, with what java.util.logging and the journal call them. */
public enum Severity {
  ERROR("ERROR", 3),
  WARNING("WARN ", 4),
  INFO("INFO ", 6),
  DEBUG("DEBUG", 7);

  private final String label;
  private final int priority;

  Severity(String label, int priority) {
    this.label = label;
    this.priority = priority;
  }

  /** The weight of a line logged at any level. */
  static Severity of(Level level) {
    return Arrays.stream(values())
        .filter(severity -> level.intValue() >= severity.level().intValue())
        .findFirst()
        .orElse(DEBUG);
  }

  /** The weight that an operator names in lower case, for example {@code debug}. */
  static Optional<Severity> named(String word) {
    return Arrays.stream(values())
        .filter(severity -> severity.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst();
  }

  /** Five characters for a terminal. */
  String label() {
    return label;
  }

  /** The least level of java.util.logging that has this weight. */
  Level level() {
    return switch (this) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  /** The prefix that journald takes as a line's priority, for example {@code <6>}. */
  String prefix() {
    return "<" + priority + ">";
  }
}
