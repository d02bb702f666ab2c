package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Trial.Hardship;
import io.github.childconnector.fault.Sandbox;
import io.github.childconnector.operation.UpdateException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
  private static final String SERVICE_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The variables of the connector that a bare service keeps. */
  private static final Set<String> KEPT = Set.of("LANG", "LC_ALL", "LC_CTYPE", "TZ");

  /** A place where nobody can create a file, not even root. */
  private static final Path READ_ONLY = Path.of("/proc");

  private final Optional<Path> directory;
  private final Map<String, String> environment;
  private final Optional<Path> setsid;
  private final Optional<Hardship> hardship;

  /**
   * Creates a launcher.
   *
   * @param directory where programs are started; the connector's own directory if absent
   * @param environment what is added to the connector's own environment
   * @param setsid the program that begins a session; where it is absent only descendants are found
   */
  public Launcher(
      Optional<Path> directory, Map<String, String> environment, Optional<Path> setsid) {
    this(directory, environment, setsid, Optional.empty());
  }

  private Launcher(
      Optional<Path> directory,
      Map<String, String> environment,
      Optional<Path> setsid,
      Optional<Hardship> hardship) {
    this.directory = directory;
    this.environment = environment;
    this.setsid = setsid;
    this.hardship = hardship;
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
    return new Launcher(Optional.of(other), environment, setsid, hardship);
  }

  /** The same launcher, whose programs are started under a hardship. */
  Launcher under(Hardship other) {
    return new Launcher(directory, environment, setsid, Optional.of(other));
  }

  /**
   * Starts a program with its values in its arguments and in its environment.
   *
   * @throws UpdateException it could not be started; tells why, where, and what to do
   */
  Process start(ProgramCall call) throws UpdateException {
    List<String> command = new ArrayList<>(call.line().fill(call.values()));
    requireExpressible(command, call);
    requireDirectory(call);
    ProcessBuilder builder = new ProcessBuilder();
    prepare(builder.environment(), call.values());
    builder.environment().put(ProcessTree.Marks.CONNECTOR, ProcessTree.Marks.thisConnector());
    command.set(0, locate(call, builder.environment()));
    hardship.ifPresent(each -> command.addAll(0, List.of("/bin/sh", "-c", script(each), "sh")));
    setsid.ifPresent(path -> command.add(0, path.toString()));
    builder.command(command).redirectInput(new File("/dev/null"));
    directory
        .or(() -> isBare() ? Optional.of(READ_ONLY) : Optional.empty())
        .ifPresent(path -> builder.directory(path.toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UpdateException(
          call.failureCode(),
          "The program %s could not be started (%s). See whether the machine has memory, processes and open files to spare."
              .formatted(call.line().program(), e.getMessage()),
          e);
    }
  }

  /** Makes the environment of a program out of the connector's own. */
  void prepare(Map<String, String> variables, Map<Placeholder, String> values) {
    variables.keySet().removeAll(WITHHELD);
    if (isBare()) {
      variables.keySet().retainAll(KEPT);
      variables.put("PATH", SERVICE_PATH);
    }
    variables.putAll(environment);
    for (Placeholder placeholder : Placeholder.values()) {
      variables.remove(placeholder.variable());
    }
    values.forEach((placeholder, value) -> variables.put(placeholder.variable(), value));
  }

  private boolean isBare() {
    return hardship.equals(Optional.of(Hardship.BARE_SERVICE));
  }

  /** The script of a shell that brings a hardship about, and becomes the program then. */
  private static String script(Hardship hardship) {
    return switch (hardship) {
      // Without the signal a write fails, as on a full disk, and the program lives to see it.
      case FULL_DISK -> "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
      case BARE_SERVICE -> "umask 077; exec \"$@\"";
      case LOST_OUTPUT -> "exec \"$@\" >/dev/full 2>/dev/full";
    };
  }

  private void requireDirectory(ProgramCall call) throws UpdateException {
    require(
        directory.isEmpty() || Files.isDirectory(directory.get()),
        call,
        "The working_directory %s is not there. Create it, or name another."
            .formatted(directory.map(Path::toString).orElse("")));
  }

  /** The program's absolute path. */
  private String locate(ProgramCall call, Map<String, String> variables) throws UpdateException {
    String program = call.line().program();
    Optional<Path> found = find(program, variables);
    require(
        found.isPresent(),
        call,
        "The program %s is in none of the directories of PATH (%s). Install it, or configure its full path."
            .formatted(program, path(variables)));
    requireExecutable(found.get(), call);
    // Java and setsid hand what the kernel refuses to a shell, which takes an empty file for
    // success.
    Optional<String> trouble = new ProgramFile(found.get(), path(variables)).trouble();
    require(trouble.isEmpty(), call, "The program " + found.get() + " " + trouble.orElse("") + ".");
    return found.get().toString();
  }

  /** The file of a program, whatever it is, or its first one of PATH as a shell finds it. */
  private Optional<Path> find(String program, Map<String, String> variables) {
    Path base = directory.orElse(Path.of("")).toAbsolutePath();
    return program.contains("/")
        ? Optional.of(base.resolve(program))
        : Stream.of(path(variables).split(":"))
            .map(folder -> base.resolve(folder).resolve(program))
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .findFirst();
  }

  private static String path(Map<String, String> variables) {
    return variables.getOrDefault("PATH", DEFAULT_PATH);
  }

  /**
   * Tells, before a program is needed, why it cannot be started as things are, or would not do what
   * was meant; empty where nothing is known.
   */
  Optional<String> trouble(CommandLine line) {
    Map<String, String> variables = new HashMap<>(System.getenv());
    prepare(variables, Map.of());
    Optional<Path> found = find(line.program(), variables);
    return found.isEmpty()
        ? Optional.of(line.program() + " is in none of the directories of PATH; install it")
        : new ProgramFile(found.get(), path(variables))
            .trouble()
            .map(why -> found.get() + " " + why);
  }

  private static void requireExecutable(Path file, ProgramCall call) throws UpdateException {
    String user = System.getProperty("user.name", "of this connector");
    require(
        Files.isRegularFile(file),
        call,
        "The program %s is not there, or not a file, or not to be seen by the user %s. %s"
            .formatted(
                file,
                user,
                Sandbox.ofThisProcess()
                    .remedy(file.toString())
                    .orElse("Install it, or correct its path in the configuration.")));
    require(
        Files.isExecutable(file),
        call,
        "The program %1$s may not be executed by the user %2$s. Allow it, for example with chmod 755 %1$s."
            .formatted(file, user));
  }

  private void requireExpressible(List<String> command, ProgramCall call) throws UpdateException {
    require(
        Stream.of(command, call.values().values(), environment.values())
            .flatMap(Collection::stream)
            .allMatch(Launcher::isExpressible),
        call,
        "A value for the program %s has letters that the connector's locale cannot express. Start the connector with LC_ALL=C.UTF-8 in its environment."
            .formatted(command.get(0)));
  }

  /**
   * Whether the locale can express a text. In the locale "C" Java would write a question mark for
   * every letter beyond ASCII, and the device would be asked for another version than was meant.
   */
  public static boolean isExpressible(String text) {
    return isExpressible(text, charsets());
  }

  static boolean isExpressible(String text, Set<Charset> charsets) {
    return charsets.stream().allMatch(charset -> charset.newEncoder().canEncode(text));
  }

  /** Java 17 writes arguments in the first of these, later ones in the second. */
  private static Set<Charset> charsets() {
    Charset first = Charset.defaultCharset();
    String second = System.getProperty("sun.jnu.encoding", first.name());
    return Charset.isSupported(second) && !Charset.forName(second).equals(first)
        ? Set.of(first, Charset.forName(second))
        : Set.of(first);
  }

  private static void require(boolean condition, ProgramCall call, String sentence)
      throws UpdateException {
    if (!condition) {
      throw new UpdateException(call.failureCode(), sentence);
    }
  }
}
