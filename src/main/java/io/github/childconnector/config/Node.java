package io.github.childconnector.config;

import io.github.childconnector.thinedge.TedgeToml.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of TOML with the place where it stands. */
sealed interface Node {

  Origin origin();

  /** As a problem calls it, for example {@code the number 12}. */
  String describe();

  /** What thin-edge has set, as the default of a key of ours. */
  static Optional<Node> inherited(Optional<? extends Setting<?>> setting) {
    return setting.map(
        found ->
            new Scalar(
                found.value(), new Origin(found.source(), found.line(), Optional.of(found.key()))));
  }

  /**
   * A single value.
   *
   * @param value a String, Long, Double, Boolean or a date; from thin-edge also a Duration
   */
  record Scalar(Object value, Origin origin) implements Node {
    @Override
    public String describe() {
      if (value instanceof String text) {
        return Text.quoted(text);
      }
      return value instanceof Number ? "the number " + value : value.toString();
    }
  }

  /** An array. */
  record Items(List<Node> items, Origin origin) implements Node {
    @Override
    public String describe() {
      return "a list";
    }

    boolean isOfTables() {
      return items.stream().allMatch(Table.class::isInstance);
    }
  }

  /** A table, in the order of the file. */
  record Table(Map<String, Node> entries, Origin origin) implements Node {
    @Override
    public String describe() {
      return "a table";
    }
  }
}
