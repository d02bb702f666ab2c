package io.github.childconnector.config;

import java.util.Optional;

/**
 * Where a value was set.
 *
 * @param source a file as problems name it, or an environment variable
 * @param line its line; 0 where there is none
 * @param foreignKey the key it has there, where that is not ours
 */
record Origin(String source, int line, Optional<String> foreignKey) {

  static Origin of(String source, int line) {
    return new Origin(source, line, Optional.empty());
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
