package io.github.childconnector.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of TOML with the place where it stands. */
public sealed interface Node {

  /** Returns where the node stands. */
  Origin origin();

  /** Returns the node as a problem calls it, for example {@code the number 12}. */
  String describe();

  /**
   * The place where a value was set.
   *
   * @param source a file as problems name it, or an environment variable
   * @param line its line; 0 where there is none
   * @param foreignKey the key it has there, where that is not ours
   */
  record Origin(String source, int line, Optional<String> foreignKey) {

    /** A place of one of our own keys. */
    public static Origin of(String source, int line) {
      return new Origin(source, line, Optional.empty());
    }

    @Override
    public String toString() {
      return line == 0 ? source : source + ":" + line;
    }
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

    /** Whether it is a list of tables, or an empty one. */
    public boolean isOfTables() {
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
