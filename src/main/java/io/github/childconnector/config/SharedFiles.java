package io.github.childconnector.config;

import io.github.childconnector.config.SourceFiles.Source;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problems;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes configuration files as they may be shown to strangers. */
final class SharedFiles {
  private final Path directory;
  private final Section root;
  private final Problems problems;

  SharedFiles(Path directory, Section root, Problems problems) {
    this.directory = directory;
    this.root = root;
    this.problems = problems;
  }

  /** Writes each of the files, and what they come to unless something is wrong. */
  void write(List<Source> sources) throws IOException {
    write("effective.toml", problems.found().isEmpty() ? root.effective(true) : "");
    for (Source source : sources) {
      write("etc/" + source.name(), new Sheet().filled(source));
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  /** A file on which everything stands in the line where it was. */
  private final class Sheet {
    private final StringBuilder text = new StringBuilder();
    private int line = 1;

    private String filled(Source source) {
      fill("", source.table(), Optional.of(root));
      if (source.end() > 0) {
        String note = " or what is before it is no TOML: nothing is shown from there on.";
        put(source.end(), "# Line " + source.end() + note);
      }
      return text.toString();
    }

    private void put(int at, String content) {
      for (; line < at; line++) {
        text.append('\n');
      }
      text.append(content).append('\n');
      line++;
    }

    /** Writes what is in a table; where nobody knows its section, nobody knows its values. */
    private void fill(String path, Table table, Optional<Section> section) {
      table.entries().forEach((key, node) -> put(path, key, node, section));
    }

    private void put(String path, String key, Node node, Optional<Section> section) {
      String shown = Kinds.sharedName(key);
      String inner = path.isEmpty() ? shown : path + "." + shown;
      if (node instanceof Table table && !isValue(key, section)) {
        if (!isImplied(table)) {
          put(node.origin().line(), "[" + inner + "]");
        }
        fill(inner, table, section.flatMap(its -> its.inner(key, table)));
      } else if (node instanceof Items list && list.isOfTables() && !list.items().isEmpty()) {
        list.items().forEach(item -> putItem(inner, key, (Table) item, section));
      } else {
        String value = section.map(its -> its.shared(key, node)).orElse("\"********\"");
        put(node.origin().line(), shown + " = " + value);
      }
    }

    private void putItem(String inner, String key, Table item, Optional<Section> section) {
      put(item.origin().line(), "[[" + inner + "]]");
      fill(inner, item, section.flatMap(its -> its.inner(key, item)));
    }

    /** Whether a table has no header of its own, but those of the tables in it. */
    private static boolean isImplied(Table table) {
      int line = table.origin().line();
      return table.entries().values().stream()
              .allMatch(entry -> entry instanceof Table || entry instanceof Items)
          && table.entries().values().stream().anyMatch(entry -> entry.origin().line() == line);
    }

    /** Whether a table is the value of a key, such as {@code environment}. */
    private static boolean isValue(String key, Optional<Section> section) {
      return section.filter(its -> its.isAsked(key)).isPresent();
    }
  }
}
