package io.github.childconnector.config;

import java.util.Optional;

/**
 * The value of a key that counts in the end.
 *
 * @param toml as TOML, secrets redacted
 * @param origin where it was set; empty for a default
 */
record Effective(String toml, Optional<Origin> origin) {

  /** A line such as {@code port = 1884 # connector.toml:3}. */
  String line(String key) {
    return Text.key(key) + " = " + toml + origin.map(from -> " # " + from).orElse("");
  }
}
