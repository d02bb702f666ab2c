package io.github.childconnector.config;

import io.github.childconnector.config.Node.Items;
import io.github.childconnector.config.Node.Scalar;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of value: how it is read from TOML and written as TOML.
 *
 * @param none how "nothing" is written where that may stand
 */
record Kind<T>(String none, Reading<T> reading, Function<T, String> writing) {
  private static final String NO_TEXT = "\"\"";

  /** Reads a value or says what it should be. */
  interface Reading<T> {
    T read(Node node) throws BadValueException;
  }

  static <T> Kind<T> scalar(Reading<T> reading, Function<T, String> writing) {
    return new Kind<>(NO_TEXT, reading, writing);
  }

  static <T> Kind<T> list(Reading<T> reading, Function<T, String> writing) {
    return new Kind<>("[]", reading, writing);
  }

  /** The value, or an exception with what is expected instead. */
  T read(Node node) throws BadValueException {
    return reading.read(node);
  }

  /** The value as TOML, secrets redacted. */
  String write(T value) {
    return writing.apply(value);
  }

  /** The same, but an empty text or list says that there is none. */
  Kind<Optional<T>> orNone() {
    return new Kind<>(
        none,
        node -> isNone(node) ? Optional.empty() : Optional.of(reading.read(node)),
        value -> value.map(writing).orElse(none));
  }

  private static boolean isNone(Node node) {
    return node instanceof Items list
        ? list.items().isEmpty()
        : node instanceof Scalar scalar && scalar.value().equals("");
  }
}
