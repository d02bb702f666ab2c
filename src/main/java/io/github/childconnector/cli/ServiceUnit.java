package io.github.childconnector.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The service of this machine, so that root can have a command do its work as the service would: as
 * its user, or in all of its sandbox. The command line of this process is then run once more.
 */
final class ServiceUnit {
  private static final String NAME = "tedge-child-connector";
  private static final Path SYSTEMD = Path.of("/run/systemd/system");

  /** Keys of {@code [Service]} that say how the daemon lives, not what it may. */
  private static final Set<String> OF_THE_DAEMON =
      Set.of("Type", "NotifyAccess", "WatchdogSec", "KillMode", "WorkingDirectory", "PIDFile");

  private static final List<String> STARTS_AND_ENDS =
      List.of("Exec", "Restart", "Timeout", "SuccessExitStatus");

  private ServiceUnit() {}

  /** Whether this process may do everything. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether a person, rather than the service itself, has started this process. */
  static boolean isByHand() {
    return System.getenv("INVOCATION_ID") == null;
  }

  /** The user of the service; empty where the service is not installed, or runs as root. */
  static Optional<String> user() throws InterruptedException {
    String named = shown("User");
    String user = named.isEmpty() ? NAME : named;
    return user.equals("root") || ids("-u", user).isEmpty() ? Optional.empty() : Optional.of(user);
  }

  private static String shown(String property) throws InterruptedException {
    return Files.isDirectory(SYSTEMD)
        ? output("systemctl", "show", "-p", property, "--value", NAME).orElse("")
        : "";
  }

  private static Optional<String> ids(String option, String user) throws InterruptedException {
    return output("id", option, user);
  }

  /**
   * Runs this command line once more, as the user of the service and with its groups.
   *
   * @return its exit code
   * @throws IOException it cannot be run
   */
  static int runAs(String user) throws IOException, InterruptedException {
    String group = shown("Group");
    Stream<String> groups =
        Stream.of(ids("-G", user).orElse("").split(" "), shown("SupplementaryGroups").split(" "))
            .flatMap(Arrays::stream)
            .filter(each -> !each.isEmpty());
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + (group.isEmpty() ? ids("-g", user).orElse(user) : group),
                "--groups=" + String.join(",", groups.toList())));
    command.addAll(ownCommandLine());
    return run(command);
  }

  /**
   * Runs this command line once more, in the sandbox of the service.
   *
   * @param without an option that the other run is not given
   * @return its exit code
   * @throws CommandException this user or this machine cannot do that
   */
  static int runInSandbox(String without)
      throws CommandException, IOException, InterruptedException {
    if (!isRoot()) {
      throw cannot("only root may do that: run it with sudo");
    }
    if (!Files.isDirectory(SYSTEMD)) {
      throw cannot("no systemd runs here: leave out " + without);
    }
    Optional<String> unit = output("systemctl", "cat", NAME + ".service");
    if (unit.isEmpty()) {
      throw cannot("there is no " + NAME + ".service: install the package");
    }
    List<String> command = new ArrayList<>(List.of("systemd-run", "--quiet", "--wait"));
    command.addAll(List.of("--collect", isTerminal() ? "--pty" : "--pipe"));
    properties(unit.get()).forEach(each -> command.addAll(List.of("-p", each)));
    command.addAll(List.of("-p", "WorkingDirectory=-" + Path.of("").toAbsolutePath(), "--"));
    ownCommandLine().stream().filter(word -> !word.equals(without)).forEach(command::add);
    return run(command);
  }

  /** Whether a person sees what is written and can stop it by Ctrl-C. */
  private static boolean isTerminal() throws IOException {
    return isTerminal(0) && isTerminal(1);
  }

  private static boolean isTerminal(int descriptor) throws IOException {
    String open = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    return open.startsWith("/dev/pts/") || open.startsWith("/dev/tty");
  }

  private static CommandException cannot(String why) {
    return new CommandException(
        ExitCode.UNAVAILABLE, "The sandbox of the service cannot be had: " + why + ".");
  }

  /**
   * Reads from unit and drop-ins, one after the other, what the service may and as whom, as {@code
   * Key=value} for systemd-run; what has a specifier is left out.
   */
  static List<String> properties(String unit) {
    List<String> properties = new ArrayList<>();
    String section = "";
    for (String line : unit.replaceAll("\\\\\\R\\s*", " ").lines().map(String::strip).toList()) {
      if (line.startsWith("[")) {
        section = line;
      } else if (section.equals("[Service]") && isOfTheSandbox(line)) {
        properties.add(line);
      }
    }
    return properties;
  }

  private static boolean isOfTheSandbox(String line) {
    String key = line.split("=", 2)[0].strip();
    return line.matches("\\w.*=.*")
        && !line.contains("%")
        && !OF_THE_DAEMON.contains(key)
        && STARTS_AND_ENDS.stream().noneMatch(key::startsWith);
  }

  /** The words by which this process was started; Java's own list of them ends at 4 KiB. */
  private static List<String> ownCommandLine() throws IOException {
    String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
    List<String> own = new ArrayList<>(List.of(words.split("\0")));
    own.set(0, ProcessHandle.current().info().command().orElse(own.get(0)));
    return own;
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** The output of a program; empty where it fails, or is not there. */
  private static Optional<String> output(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(said.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
