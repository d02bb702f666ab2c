package io.github.childconnector.config;

import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.TomlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A configuration file that was read.
 *
 * @param name as problems name it
 * @param table what is in it
 * @param end the first line that was not read, because it or what is before it is no TOML; 0 if all
 *     was read
 */
record SourceFile(String name, Table table, int end) {
  private static final int TRIES = 100;
  private static final Pattern LINE = Pattern.compile("(?<=at line )\\d+");

  /** Reads the text of a file as far as it is TOML; what is wrong is noted. */
  static SourceFile parse(String name, String text, List<Problem> problems) {
    TomlText lines = TomlText.of(text);
    Function<TomlPosition, Origin> places = at -> Origin.of(name, lines.number(at.line()));
    TomlParseResult all = Toml.parse(lines.text());
    for (TomlParseError error : all.errors()) {
      String told = String.valueOf(error.getMessage());
      String sentence =
          LINE.matcher(told)
              .replaceAll(found -> "" + lines.number(Integer.parseInt(found.group())));
      String column = " (column " + error.position().column() + ")";
      String remedy = TomlText.remedy(told).map(it -> "; " + it).orElse("");
      problems.add(
          new Problem(
              places.apply(error.position()),
              "",
              sentence + column + remedy,
              "is no TOML" + column + remedy));
    }
    int count = lines.numbers().size();
    TomlParseResult first = all;
    for (int i = 0; i < TRIES && first.hasErrors(); i++) {
      count = Math.min(count, first.errors().get(0).position().line()) - 1;
      first = Toml.parse(lines.beginning(count));
    }
    int end = all.hasErrors() ? lines.numbers().get(first.hasErrors() ? 0 : count) : 0;
    TomlTable read = first.hasErrors() ? Toml.parse("") : first;
    return new SourceFile(name, new Table(entries(read, places), Origin.of(name, 0)), end);
  }

  private static Map<String, Node> entries(TomlTable table, Function<TomlPosition, Origin> places) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      Origin origin = places.apply(table.inputPositionOf(List.of(entry.getKey())));
      entries.put(entry.getKey(), node(entry.getValue(), origin, places));
    }
    return entries;
  }

  private static List<Node> items(TomlArray array, Function<TomlPosition, Origin> places) {
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      items.add(node(array.get(i), places.apply(array.inputPositionOf(i)), places));
    }
    return items;
  }

  private static Node node(Object value, Origin origin, Function<TomlPosition, Origin> places) {
    if (value instanceof TomlTable table) {
      return new Table(entries(table, places), origin);
    }
    return value instanceof TomlArray array
        ? new Items(items(array, places), origin)
        : new Scalar(value, origin);
  }

  /**
   * Writes the file as strangers may see it, everything in its line.
   *
   * @param root what all files were read by
   */
  String shared(Section root) {
    SharedText shared = new SharedText();
    shared.fill("", table, root);
    if (end > 0) {
      String note = " or what is before it is no TOML: nothing is shown from there on.";
      shared.put(end, "# Line " + end + note);
    }
    return shared.text.toString();
  }

  private static final class SharedText {
    private final StringBuilder text = new StringBuilder();
    private int line = 1;

    private void put(int at, String content) {
      for (; line < at; line++) {
        text.append('\n');
      }
      text.append(content).append('\n');
      line++;
    }

    /** Writes what is in a table; where nobody knows its section, nobody knows its values. */
    private void fill(String path, Table table, Section section) {
      table.entries().forEach((key, node) -> put(path, key, node, section));
    }

    private void put(String path, String key, Node node, Section section) {
      String shown = Kinds.sharedName(key);
      String inner = path.isEmpty() ? shown : path + "." + shown;
      if (node instanceof Table table && !section.isAsked(key)) {
        if (!isImplied(table)) {
          put(node.origin().line(), "[" + inner + "]");
        }
        fill(inner, table, section.inner(key, table));
      } else if (node instanceof Items list && list.isOfTables() && !list.items().isEmpty()) {
        list.items().forEach(item -> putItem(inner, key, (Table) item, section));
      } else {
        put(node.origin().line(), shown + " = " + section.shared(key, node));
      }
    }

    private void putItem(String inner, String key, Table item, Section section) {
      put(item.origin().line(), "[[" + inner + "]]");
      fill(inner, item, section.inner(key, item));
    }

    /** Whether a table has no header of its own, but those of the tables in it. */
    private static boolean isImplied(Table table) {
      int line = table.origin().line();
      return table.entries().values().stream()
              .allMatch(entry -> entry instanceof Table || entry instanceof Items)
          && table.entries().values().stream().anyMatch(entry -> entry.origin().line() == line);
    }
  }
}
