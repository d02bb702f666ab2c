package io.github.childconnector.config;

import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * The configuration file, and {@code conf.d/*.toml} beside it in the order of their names, as one
 * table: a later file wins key by key, and the {@code [[child]]} tables of all are kept.
 */
final class SourceFiles {
  private static final String MORE = "conf.d";

  private final Path main;
  private final Problems problems;

  SourceFiles(Path main, Problems problems) {
    this.main = main.toAbsolutePath();
    this.problems = problems;
  }

  /** The merged table; refuses what is not there, not readable or not TOML in any of the files. */
  Table read() throws ConfigurationException {
    Path name = Objects.requireNonNullElse(main.getFileName(), main);
    Optional<Table> merged = parse(name.toString(), main);
    for (Path file : more()) {
      Optional<Table> next = parse(MORE + "/" + file.getFileName(), file);
      merged = merged.flatMap(earlier -> next.map(later -> merge(earlier, later)));
    }
    ConfigurationException.refuse(problems);
    return merged.orElseThrow();
  }

  private List<Path> more() {
    Path directory = main.resolveSibling(MORE);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.toml")) {
      entries.forEach(files::add);
    } catch (NoSuchFileException e) {
      return files;
    } catch (IOException e) {
      String sentence = directory + " cannot be listed; let the user this program runs as read it";
      problems.add(Origin.of(MORE, 0), "", sentence);
    }
    files.sort(null);
    return files;
  }

  private Optional<Table> parse(String name, Path file) {
    try {
      TomlParseResult result = Toml.parse(Files.readString(file));
      result.errors().forEach(error -> syntaxProblem(name, error));
      return Optional.of(new Table(entries(name, result), Origin.of(name, 0)));
    } catch (NoSuchFileException e) {
      fileProblem(
          name, "there is no file " + file + "; write it, or name another one with --config");
    } catch (CharacterCodingException e) {
      fileProblem(name, file + " is not UTF-8 text");
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        fileProblem(name, file + " is a directory; name a file");
        return Optional.empty();
      }
      fileProblem(name, file + " cannot be read; let the user this program runs as read it");
    }
    return Optional.empty();
  }

  private void syntaxProblem(String name, TomlParseError error) {
    String sentence = error.getMessage() + " (column " + error.position().column() + ")";
    problems.add(Origin.of(name, error.position().line()), "", sentence);
  }

  private void fileProblem(String name, String sentence) {
    problems.add(Origin.of(name, 0), "", sentence);
  }

  private static Map<String, Node> entries(String file, TomlTable table) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      int line = table.inputPositionOf(List.of(entry.getKey())).line();
      entries.put(entry.getKey(), node(entry.getValue(), Origin.of(file, line)));
    }
    return entries;
  }

  private static List<Node> items(String file, TomlArray array) {
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      items.add(node(array.get(i), Origin.of(file, array.inputPositionOf(i).line())));
    }
    return items;
  }

  private static Node node(Object value, Origin origin) {
    if (value instanceof TomlTable table) {
      return new Table(entries(origin.source(), table), origin);
    }
    return value instanceof TomlArray array
        ? new Items(items(origin.source(), array), origin)
        : new Scalar(value, origin);
  }

  private static Table merge(Table earlier, Table later) {
    Map<String, Node> merged = new LinkedHashMap<>(earlier.entries());
    later.entries().forEach((key, node) -> merged.merge(key, node, SourceFiles::merge));
    return new Table(merged, earlier.origin());
  }

  private static Node merge(Node earlier, Node later) {
    if (earlier instanceof Table first && later instanceof Table second) {
      return merge(first, second);
    }
    if (earlier instanceof Items first && later instanceof Items second && first.isOfTables()) {
      List<Node> all = new ArrayList<>(first.items());
      all.addAll(second.items());
      return new Items(all, earlier.origin());
    }
    return later;
  }
}
