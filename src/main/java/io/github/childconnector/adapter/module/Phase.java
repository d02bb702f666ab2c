package io.github.childconnector.adapter.module;

import java.util.Arrays;
import java.util.Locale;

/** How far a module was brought, as far as that decides what it is called with next. */
enum Phase {
  /** The module may have prepared something; what the device runs was not touched. */
  DOWNLOAD,
  /** The device may have been changed. */
  INSTALL,
  /** The device may have been changed back. */
  ROLLBACK;

  /** Returns the phase as it is kept in a file, for example {@code install}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The phase of this word; of a word that cannot be read the one that takes nothing for granted.
   */
  static Phase of(String word) {
    return Arrays.stream(values())
        .filter(phase -> phase.word().equals(word.strip()))
        .findFirst()
        .orElse(INSTALL);
  }
}
