package io.github.childconnector.config;

import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Section;

/** A configuration file as strangers may see it, on which everything stands in its line. */
final class SharedFile {
  private final StringBuilder text = new StringBuilder();
  private int line = 1;

  private SharedFile() {}

  /**
   * The text of a file.
   *
   * @param root what all files were read by
   */
  static String of(SourceFile source, Section root) {
    SharedFile shared = new SharedFile();
    shared.fill("", source.table(), root);
    if (source.end() > 0) {
      String note = " or what is before it is no TOML: nothing is shown from there on.";
      shared.put(source.end(), "# Line " + source.end() + note);
    }
    return shared.text.toString();
  }

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
