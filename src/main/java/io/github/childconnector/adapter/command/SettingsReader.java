package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.AdapterSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.command]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  /** The service manager kills the whole connector after 90 seconds. */
  private static final Duration MAX_GRACE = Duration.ofSeconds(60);

  private static final Set<Placeholder> ALL = EnumSet.allOf(Placeholder.class);
  private static final Set<Placeholder> WITHOUT_IMAGE =
      EnumSet.complementOf(EnumSet.of(Placeholder.IMAGE));

  private final AdapterSettings settings;

  SettingsReader(AdapterSettings settings) {
    this.settings = settings;
  }

  CommandSettings read() {
    return new CommandSettings(
        command("install", ALL).orElseGet(this::noInstall),
        command("read_version", WITHOUT_IMAGE),
        command("rollback", WITHOUT_IMAGE),
        workingDirectory(),
        environment(),
        settings.flag("repeatable", false),
        stopGrace());
  }

  private Optional<CommandLine> command(String key, Set<Placeholder> known) {
    Optional<CommandLine> line = settings.command(key).map(CommandLine::new);
    line.flatMap(each -> each.problem(known))
        .ifPresent(sentence -> settings.problem(key, sentence));
    return line;
  }

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private CommandLine noInstall() {
    settings.problem(
        "install",
        "is missing; name the program that flashes the device, for example"
            + " install = [\"/opt/plc/flash.sh\", \"{image}\", \"{version}\"]");
    return new CommandLine(List.of("/bin/false"));
  }

  private Optional<Path> workingDirectory() {
    try {
      Optional<Path> directory = settings.string("working_directory").map(Path::of);
      if (directory.isPresent() && !directory.get().isAbsolute()) {
        settings.problem("working_directory", "is not absolute; begin it with /");
      }
      return directory;
    } catch (InvalidPathException e) {
      settings.problem("working_directory", "cannot be a path; name a directory, beginning with /");
      return Optional.empty();
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = settings.secrets("environment");
    environment.keySet().stream()
        .filter(name -> !VARIABLE.matcher(name).matches())
        .forEach(name -> variableProblem(name, "use letters, digits and _ in its name"));
    environment.keySet().stream()
        .filter(SettingsReader::isOurs)
        .forEach(name -> variableProblem(name, "it is set by the connector; remove it here"));
    environment.forEach(
        (name, value) -> {
          if (value.indexOf('\0') >= 0) {
            variableProblem(name, "remove the NUL character from its value");
          }
        });
    return environment;
  }

  private void variableProblem(String name, String remedy) {
    settings.problem("environment", "cannot hold the variable \"" + name + "\": " + remedy);
  }

  private static boolean isOurs(String name) {
    return Arrays.stream(Placeholder.values()).anyMatch(each -> each.variable().equals(name));
  }

  private Duration stopGrace() {
    Duration grace = settings.duration("stop_grace", DEFAULT_GRACE);
    if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
      settings.problem("stop_grace", "must be between \"0s\" and \"60s\"");
    }
    return grace;
  }
}
