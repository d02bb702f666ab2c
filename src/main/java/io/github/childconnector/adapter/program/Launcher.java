package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Hardship;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts the programs of one child: without a shell, without input, in the configured directory and
 * environment, and in a session of their own, so that every process they become can be found.
 */
public final class Launcher {
  /** Meant for the connector alone: its service manager's socket, and options of its Java. */
  private static final Set<String> WITHHELD =
      Set.of(
          "NOTIFY_SOCKET",
          "WATCHDOG_USEC",
          "WATCHDOG_PID",
          "LISTEN_FDS",
          "LISTEN_PID",
          "LISTEN_FDNAMES",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "JAVA_OPTS",
          "CLASSPATH");

  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final Optional<Path> directory;
  private final Map<String, String> environment;
  private final Optional<Path> setsid;
  private final HardStart start;

  /**
   * Creates a launcher.
   *
   * @param directory where programs are started; the connector's own directory if absent
   * @param environment what is added to the connector's own environment
   * @param setsid the program that begins a session; where it is absent only descendants are found
   */
  public Launcher(
      Optional<Path> directory, Map<String, String> environment, Optional<Path> setsid) {
    this(directory, environment, setsid, new HardStart(Optional.empty()));
  }

  private Launcher(
      Optional<Path> directory,
      Map<String, String> environment,
      Optional<Path> setsid,
      HardStart start) {
    this.directory = directory;
    this.environment = environment;
    this.setsid = setsid;
    this.start = start;
  }

  /** A launcher with the setsid of util-linux, if this machine has it. */
  public static Launcher of(Optional<Path> directory, Map<String, String> environment) {
    Optional<Path> setsid =
        Stream.of("/usr/bin/setsid", "/bin/setsid")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    return new Launcher(directory, environment, setsid);
  }

  /** The same launcher in another directory. */
  public Launcher in(Path other) {
    return new Launcher(Optional.of(other), environment, setsid, start);
  }

  /** The same launcher, whose programs are started under a hardship. */
  Launcher under(Hardship hardship) {
    return new Launcher(directory, environment, setsid, new HardStart(Optional.of(hardship)));
  }

  /** Starts a program with these values in its arguments and in its environment. */
  Process start(CommandLine line, Map<Placeholder, String> values) throws LaunchException {
    List<String> command = new ArrayList<>(line.fill(values));
    requireExpressible(command, values);
    requireDirectory();
    ProcessBuilder builder = new ProcessBuilder();
    prepare(builder.environment(), values);
    builder.environment().put(Marks.CONNECTOR, Marks.thisConnector());
    command.set(0, locate(line.program(), builder.environment()));
    command.addAll(0, start.words());
    setsid.ifPresent(path -> command.add(0, path.toString()));
    builder.command(command).redirectInput(new File("/dev/null"));
    directory.or(start::directory).ifPresent(path -> builder.directory(path.toFile()));
    return start(builder, line.program());
  }

  private static Process start(ProcessBuilder builder, String program) throws LaunchException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LaunchException(
          "The program "
              + program
              + " could not be started ("
              + e.getMessage()
              + "). See whether the machine has memory and processes to spare.",
          e);
    }
  }

  /** Makes the environment of a program out of the connector's own. */
  void prepare(Map<String, String> variables, Map<Placeholder, String> values) {
    variables.keySet().removeAll(WITHHELD);
    start.strip(variables);
    variables.putAll(environment);
    for (Placeholder placeholder : Placeholder.values()) {
      variables.remove(placeholder.variable());
    }
    values.forEach((placeholder, value) -> variables.put(placeholder.variable(), value));
  }

  private void requireDirectory() throws LaunchException {
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      throw new LaunchException(
          "The working_directory "
              + directory.get()
              + " is not there. Create it, or name another.");
    }
  }

  /** The program's absolute path; found as a shell finds it. */
  private String locate(String program, Map<String, String> variables) throws LaunchException {
    Path base = directory.orElse(Path.of("")).toAbsolutePath();
    if (program.contains("/")) {
      Path file = base.resolve(program);
      requireExecutable(file);
      return file.toString();
    }
    String path = variables.getOrDefault("PATH", DEFAULT_PATH);
    return Stream.of(path.split(":"))
        .map(folder -> base.resolve(folder).resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> notInPath(program, path))
        .toString();
  }

  private static LaunchException notInPath(String program, String path) {
    return new LaunchException(
        "The program "
            + program
            + " is in none of the directories of PATH ("
            + path
            + "). Install it, or configure its full path.");
  }

  private static void requireExecutable(Path file) throws LaunchException {
    if (!Files.isRegularFile(file)) {
      throw new LaunchException(
          "The program "
              + file
              + " is not there, or not a file, or not to be seen by the user "
              + user()
              + ". Install it, or correct its path in the configuration.");
    }
    if (!Files.isExecutable(file)) {
      throw new LaunchException(
          "The program "
              + file
              + " may not be executed by the user "
              + user()
              + ". Allow it, for example with chmod 755 "
              + file
              + ".");
    }
  }

  private static String user() {
    return System.getProperty("user.name", "of this connector");
  }

  private void requireExpressible(List<String> command, Map<Placeholder, String> values)
      throws LaunchException {
    boolean expressible =
        Stream.of(command, values.values(), environment.values())
            .flatMap(Collection::stream)
            .allMatch(NativeText::isExpressible);
    if (!expressible) {
      throw new LaunchException(
          "A value for the program "
              + command.get(0)
              + " has letters that the connector's locale cannot express. Start the connector"
              + " with LC_ALL=C.UTF-8 in its environment.");
    }
  }

  /** A program could not be started. */
  static final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    LaunchException(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }

    LaunchException(String sentence, Throwable cause) {
      super(sentence, cause);
      this.sentence = sentence;
    }

    /** Tells what was wrong, where, and what to do. */
    String sentence() {
      return sentence;
    }
  }
}
