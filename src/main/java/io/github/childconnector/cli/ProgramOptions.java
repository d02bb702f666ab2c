package io.github.childconnector.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of {@code adapter-test} for a program that is in no configuration. */
final class ProgramOptions {
  /** The id of the child that a program becomes. */
  static final ChildId CHILD = new ChildId("adapter-test");

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** A word that every update module compares its state with. */
  private static final String STATE = "ArtifactInstall";

  /**
   * The largest update module that is looked at: they are scripts, or binaries of a few megabytes.
   */
  private static final long MOST = 64 << 20;

  /** The families that a program can be of. */
  enum Family {
    command,
    module
  }

  @Option(
      names = "--as",
      paramLabel = "FAMILY",
      description =
          "What a PROGRAM is: command or module (default: module if its file holds the word "
              + STATE
              + ").")
  private Optional<Family> family = Optional.empty();

  @Option(
      names = "--read-version",
      paramLabel = "LINE",
      description = "With a PROGRAM: what tells the version; words with spaces between them.")
  private Optional<String> readVersion = Optional.empty();

  @Option(
      names = "--rollback",
      paramLabel = "LINE",
      description = "With a PROGRAM of the family command: what restores the old firmware.")
  private Optional<String> rollback = Optional.empty();

  @Option(
      names = "--repeatable",
      description =
          "With a PROGRAM of the family command: it may be done again from its beginning.")
  private boolean repeatable;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "With a PROGRAM: a variable in its environment; may be repeated.")
  private Map<String, String> environment = new TreeMap<>();

  boolean isUsed() {
    return family.isPresent()
        || !environment.isEmpty()
        || readVersion.isPresent()
        || rollback.isPresent()
        || repeatable;
  }

  /** Refuses what cannot be the program, or does not fit it. */
  void requireProgram(AdapterTestOptions options, Path path) {
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw options.misuse(path + " is no program that this user may execute");
    }
    boolean isModule = familyOf(path) == Family.module;
    if (isModule && (rollback.isPresent() || repeatable || options.line().size() > 1 + 2)) {
      throw options.misuse(
          path
              + " is taken for an update module, which goes back by its own states: give it neither arguments nor --rollback and --repeatable, or say --as=command");
    }
  }

  /** Guesses the family without starting the program: a flasher would flash. */
  Family familyOf(Path path) {
    return family.orElseGet(() -> knowsStates(path) ? Family.module : Family.command);
  }

  private static boolean knowsStates(Path path) {
    try {
      return Files.size(path) <= MOST
          && new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(STATE);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes the configuration of a program that is in none, so that it is read and started as those
   * are:
   *
   * <pre>
   * thin_edge.config_dir = "/tmp/adapter-test-1"
   * [[child]]
   * id = "adapter-test"
   * adapter = "command"
   * install_timeout = "10m"
   * confirm_timeout = "1m"
   * [child.command]
   * install = ["/home/me/flash.sh","{image}","{version}"]
   * repeatable = false
   * </pre>
   *
   * @param line the program with its arguments
   */
  Path write(List<String> line, Path scratch) throws IOException {
    Family program = familyOf(Path.of(line.get(0)));
    // A thin-edge that is not there, whatever this machine has.
    Files.createFile(scratch.resolve("tedge.toml"));
    List<String> lines = new ArrayList<>();
    lines.add(entry("thin_edge.config_dir", scratch.toString()));
    lines.add("[[child]]");
    lines.add(entry("id", CHILD.value()));
    lines.add(entry("adapter", program.name()));
    lines.add(entry("install_timeout", "10m"));
    lines.add(entry("confirm_timeout", "1m"));
    lines.add("[child." + program + "]");
    lines.addAll(program == Family.command ? command(line) : module(line, scratch));
    readVersion.ifPresent(words -> lines.add(entry("read_version", words(words))));
    lines.add("[child." + program + ".environment]");
    environment.forEach((name, value) -> lines.add(entry(name, value)));
    return Files.write(scratch.resolve("connector.toml"), lines);
  }

  private List<String> command(List<String> line) {
    List<String> lines = new ArrayList<>();
    lines.add(entry("install", line));
    rollback.ifPresent(words -> lines.add(entry("rollback", words(words))));
    lines.add(entry("repeatable", repeatable));
    return lines;
  }

  private static List<String> module(List<String> line, Path scratch) {
    return List.of(entry("program", line.get(0)), entry("directory", scratch.toString()));
  }

  /** A text of JSON is one of TOML, too. */
  private static String entry(String key, Object value) {
    return key + " = " + GSON.toJson(value);
  }

  /** The program of a line is looked for here, not where it will be started. */
  private static List<String> words(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    String program =
        words.get(0).contains("/")
            ? Path.of(words.get(0)).toAbsolutePath().normalize().toString()
            : words.get(0);
    return Stream.concat(Stream.of(program), words.stream().skip(1)).toList();
  }
}
