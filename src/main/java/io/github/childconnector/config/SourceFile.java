package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
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
  private static final Pattern NOTHING = Pattern.compile("[ \\t]*(#[^\\p{Cntrl}]*)?\\r?");
  private static final Pattern LINE = Pattern.compile("(?<=at line )\\d+");

  /** Reads the text of a file as far as it is TOML; what is wrong is noted. */
  static SourceFile parse(String name, String text, List<Problem> problems) {
    List<String> lines = List.of(text.split("\n", -1));
    List<Integer> numbers = telling(lines);
    Function<TomlPosition, Origin> places = at -> Origin.of(name, number(numbers, at.line()));
    TomlParseResult all = Toml.parse(text(lines, numbers));
    for (TomlParseError error : all.errors()) {
      String sentence =
          LINE.matcher(String.valueOf(error.getMessage()))
              .replaceAll(found -> "" + number(numbers, Integer.parseInt(found.group())));
      String column = " (column " + error.position().column() + ")";
      problems.add(
          new Problem(
              places.apply(error.position()), "", sentence + column, "is no TOML" + column));
    }
    int count = numbers.size();
    TomlParseResult first = all;
    for (int i = 0; i < TRIES && first.hasErrors(); i++) {
      count = Math.min(count, first.errors().get(0).position().line()) - 1;
      first = Toml.parse(text(lines, numbers.subList(0, count)));
    }
    int end = all.hasErrors() ? numbers.get(first.hasErrors() ? 0 : count) : 0;
    TomlTable read = first.hasErrors() ? Toml.parse("") : first;
    return new SourceFile(name, new Table(entries(read, places), Origin.of(name, 0)), end);
  }

  private static int number(List<Integer> numbers, int line) {
    return numbers.get(Math.min(line, numbers.size()) - 1);
  }

  static String text(List<String> lines, List<Integer> numbers) {
    return numbers.stream().map(number -> lines.get(number - 1)).collect(joining("\n"));
  }

  /**
   * The numbers of the lines that are neither blank nor a comment, and of the last. The parser is
   * spared the others: for a run of them it takes a time that grows with the third power of their
   * number, a minute for 4,000.
   */
  static List<Integer> telling(List<String> lines) {
    List<Integer> numbers = new ArrayList<>();
    String open = "";
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (!open.isEmpty() || number == lines.size() || !NOTHING.matcher(line).matches()) {
        numbers.add(number);
        open = openAfter(line, open);
      }
    }
    return numbers;
  }

  /** Returns the quotes of the text of several lines that is open at the end of a line, or "". */
  private static String openAfter(String line, String openBefore) {
    String open = openBefore;
    int at = 0;
    while (at < line.length() && !(open.isEmpty() && line.charAt(at) == '#')) {
      if (open.isEmpty()) {
        open = quotes(line, at);
        at += Math.max(1, open.length());
      } else if (line.startsWith(open, at)) {
        at = behind(line, at, open);
        open = "";
      } else {
        at += open.startsWith("\"") && line.charAt(at) == '\\' ? 2 : 1;
      }
    }
    return open.length() == 3 ? open : "";
  }

  private static String quotes(String line, int at) {
    String quote = line.substring(at, at + 1);
    if (!quote.equals("\"") && !quote.equals("'")) {
      return "";
    }
    return line.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  }

  /** Finds the end of closing quotes, before which a text of several lines may have two more. */
  private static int behind(String line, int at, String quotes) {
    int end = at + quotes.length();
    while (quotes.length() == 3 && end < line.length() && line.charAt(end) == quotes.charAt(0)) {
      end++;
    }
    return end;
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
