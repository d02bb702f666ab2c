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
  private static final int TRIES = 100;

  private final Path main;
  private final Problems problems;

  SourceFiles(Path main, Problems problems) {
    this.main = main.toAbsolutePath();
    this.problems = problems;
  }

  /**
   * A file.
   *
   * @param name as problems name it
   * @param table what is in it
   * @param end the first line that was not read, because it or what is before it is no TOML; 0 if
   *     all was read
   */
  record Source(String name, Table table, int end) {}

  /** The merged table; refuses what is not there, not readable or not TOML in any of the files. */
  Table read() throws ConfigurationException {
    List<Source> sources = sources(Long.MAX_VALUE);
    ConfigurationException.refuse(problems);
    return merged(sources);
  }

  /**
   * All files that can be read, as far as they are TOML; what is wrong is noted.
   *
   * @param largest how many bytes a file may have that is not left out
   */
  List<Source> sources(long largest) {
    List<Source> sources = new ArrayList<>();
    Path name = Objects.requireNonNullElse(main.getFileName(), main);
    parse(name.toString(), main, largest).ifPresent(sources::add);
    for (Path file : more()) {
      parse(MORE + "/" + file.getFileName(), file, largest).ifPresent(sources::add);
    }
    return sources;
  }

  /** The files as one table. */
  static Table merged(List<Source> sources) {
    Table nothing = new Table(Map.of(), Origin.of("", 0));
    return sources.stream().map(Source::table).reduce(SourceFiles::merge).orElse(nothing);
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
      problems.add(Origin.of(MORE, 0), "", sentence, sentence);
    }
    files.sort(null);
    return files;
  }

  private Optional<Source> parse(String name, Path file, long largest) {
    try {
      if (Files.size(file) > largest) {
        fileProblem(name, "is left out, because it is larger than " + largest + " bytes");
        return Optional.empty();
      }
      String text = Files.readString(file);
      TomlParseResult result = Toml.parse(text);
      result.errors().forEach(error -> syntaxProblem(name, error));
      return Optional.of(result.hasErrors() ? beginning(name, text) : source(name, result, 0));
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

  private static Source source(String name, TomlTable toml, int end) {
    return new Source(name, new Table(entries(name, toml), Origin.of(name, 0)), end);
  }

  /** The file as far as it is TOML, which is only looked for {@link #TRIES} lines before. */
  private static Source beginning(String name, String text) {
    List<String> lines = List.of(text.split("\n", -1));
    int end = lines.size();
    for (int i = 0; i < TRIES && end > 0; i++) {
      TomlParseResult result = Toml.parse(String.join("\n", lines.subList(0, end)));
      if (!result.hasErrors()) {
        return source(name, result, end + 1);
      }
      end = Math.min(end, result.errors().get(0).position().line()) - 1;
    }
    return source(name, Toml.parse(""), 1);
  }

  private void syntaxProblem(String name, TomlParseError error) {
    String place = " (column " + error.position().column() + ")";
    Origin origin = Origin.of(name, error.position().line());
    problems.add(origin, "", error.getMessage() + place, "is no TOML" + place);
  }

  private void fileProblem(String name, String sentence) {
    problems.add(Origin.of(name, 0), "", sentence, sentence);
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
