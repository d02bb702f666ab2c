package io.github.childconnector.config;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
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
import java.util.function.Function;

/**
 * Reads the configuration file, with {@code conf.d/*.toml} beside it merged in the order of their
 * names: a later file wins key by key, and the {@code [[child]]} tables of all files are kept.
 * Files whose names begin with a dot are no configuration.
 *
 * <p>Sample; {@code examples/configuration/connector.toml} shows every key:
 *
 * <pre>
 * [updates]
 * parallel_installs = 8
 *
 * [[child]]
 * id = "plc-1"
 * adapter = "command"
 * install_timeout = "10m"
 * [child.command]
 * install = ["/usr/local/bin/flash", "{image}"]
 * </pre>
 */
public final class ConfigLoader {
  private static final String MORE = "conf.d";
  private static final int LARGEST_SHARED = 256 << 10;

  private final List<AdapterProvider> adapters;
  private final Function<String, Optional<String>> environment;

  /** Takes the adapters that children may name, and the environment variables. */
  public ConfigLoader(
      List<AdapterProvider> adapters, Function<String, Optional<String>> environment) {
    this.adapters = List.copyOf(adapters);
    this.environment = environment;
  }

  /**
   * Reads that file and what belongs to it. A configuration without a child is none the less valid.
   *
   * @throws ConfigurationException with everything that is wrong; if a file cannot be read or is no
   *     TOML, then what is wrong with the values is only known after that is mended
   */
  public ConnectorConfig load(Path file) throws ConfigurationException {
    return read(file).config();
  }

  /**
   * A configuration, and the sections that it was read from.
   *
   * @param root what has been asked for every key
   */
  public record Reading(ConnectorConfig config, Section root) {
    /**
     * Writes what the files come to as TOML text: every key with its value, secrets as {@code
     * ********}, and as a comment where each value was set that is no default. Sample: {@code port
     * = 1884 # connector.toml:3}. Read again it gives the same configuration, but for the secrets.
     */
    public String effective() {
      return root.effective(false);
    }
  }

  /**
   * Reads the files as {@link #load} does, once for both the configuration and its text.
   *
   * @throws ConfigurationException as {@link #load}
   */
  public Reading read(Path file) throws ConfigurationException {
    List<Problem> problems = new ArrayList<>();
    List<SourceFile> sources = sources(file, Long.MAX_VALUE, problems);
    ConfigurationException.refuse(problems);
    Section root = Section.root(merged(sources), problems);
    ConnectorConfig config = read(root, problems);
    ConfigurationException.refuse(problems);
    return new Reading(config, root);
  }

  private ConnectorConfig read(Section root, List<Problem> problems) {
    ConnectorConfig config = new ConnectorReader(root, problems).read(adapters, environment);
    root.refuseUnknown();
    return config;
  }

  /**
   * Writes a configuration file, what belongs to it, and what they come to into a directory, as
   * they may be shown to strangers: nothing that may be secret, and no comment. Lines keep their
   * numbers.
   *
   * <pre>
   * etc/connector.toml
   * etc/conf.d/10-plcs.toml
   * effective.toml             empty if anything is wrong
   * </pre>
   *
   * @return what is wrong, a line each, as strangers may see it too
   * @throws IOException nothing can be written there
   */
  public List<String> share(Path file, Path directory) throws IOException {
    List<Problem> problems = new ArrayList<>();
    List<SourceFile> sources = sources(file, LARGEST_SHARED, problems);
    Section root = Section.root(merged(sources), problems);
    read(root, problems);
    write(directory, "effective.toml", problems.isEmpty() ? root.effective(true) : "");
    for (SourceFile source : sources) {
      write(directory, "etc/" + source.name(), source.shared(root));
    }
    return Problem.sorted(problems).stream().map(Problem::forStrangers).toList();
  }

  private static void write(Path directory, String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  /**
   * All files that can be read, as far as they are TOML; what is wrong is noted.
   *
   * @param largest how many bytes a file may have that is not left out
   */
  private static List<SourceFile> sources(Path file, long largest, List<Problem> problems) {
    List<SourceFile> sources = new ArrayList<>();
    Path main = file.toAbsolutePath();
    Path name = Objects.requireNonNullElse(main.getFileName(), main);
    parse(name.toString(), main, largest, problems).ifPresent(sources::add);
    for (Path other : more(main.resolveSibling(MORE), problems)) {
      parse(MORE + "/" + other.getFileName(), other, largest, problems).ifPresent(sources::add);
    }
    return sources;
  }

  /** The files as one table. */
  private static Table merged(List<SourceFile> sources) {
    Table nothing = new Table(Map.of(), Origin.of("", 0));
    return sources.stream().map(SourceFile::table).reduce(ConfigLoader::merge).orElse(nothing);
  }

  private static List<Path> more(Path directory, List<Problem> problems) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, ConfigLoader::isMeant)) {
      entries.forEach(files::add);
    } catch (NoSuchFileException e) {
      return files;
    } catch (IOException e) {
      fileProblem(
          problems,
          MORE,
          directory + " cannot be listed; let the user this program runs as read it");
    }
    files.sort(null);
    return files;
  }

  /** Tells configuration from what editors and copiers hide beside it, such as .#plc.toml. */
  private static boolean isMeant(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".toml") && !name.startsWith(".");
  }

  private static Optional<SourceFile> parse(
      String name, Path file, long largest, List<Problem> problems) {
    try {
      if (Files.size(file) > largest) {
        fileProblem(problems, name, "is left out, because it is larger than " + largest + " bytes");
        return Optional.empty();
      }
      return Optional.of(SourceFile.parse(name, Files.readString(file), problems));
    } catch (NoSuchFileException e) {
      fileProblem(
          problems,
          name,
          "there is no file " + file + "; write it, or name another one with --config");
    } catch (CharacterCodingException e) {
      fileProblem(problems, name, file + " is not UTF-8 text");
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        fileProblem(problems, name, file + " is a directory; name a file");
        return Optional.empty();
      }
      fileProblem(
          problems, name, file + " cannot be read; let the user this program runs as read it");
    }
    return Optional.empty();
  }

  private static void fileProblem(List<Problem> problems, String name, String sentence) {
    problems.add(new Problem(Origin.of(name, 0), "", sentence, sentence));
  }

  private static Table merge(Table earlier, Table later) {
    Map<String, Node> merged = new LinkedHashMap<>(earlier.entries());
    later.entries().forEach((key, node) -> merged.merge(key, node, ConfigLoader::merge));
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
