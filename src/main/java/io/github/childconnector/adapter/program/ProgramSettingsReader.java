package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.AdapterSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the keys that every family of programs has, noting all that is wrong with them.
 *
 * <pre>
 * read_version = ["/opt/plc/read-version.sh", "{child}"]
 * environment = { PLC_PIN = "1234" }
 * stop_grace = "10s"
 * </pre>
 */
public final class ProgramSettingsReader {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  /** The service manager kills the whole connector after 90 seconds. */
  private static final Duration MAX_GRACE = Duration.ofSeconds(60);

  private final AdapterSettings settings;

  /** Reads from a child's sub-table. */
  public ProgramSettingsReader(AdapterSettings settings) {
    this.settings = settings;
  }

  /** A program whose arguments may hold the placeholders that are known where it runs. */
  public Optional<CommandLine> command(String key, Set<Placeholder> known) {
    Optional<CommandLine> line = settings.command(key).map(CommandLine::new);
    line.flatMap(each -> each.problem(known))
        .ifPresent(sentence -> settings.problem(key, sentence));
    return line;
  }

  /** The table {@code environment}. */
  public Map<String, String> environment() {
    Map<String, String> environment = settings.secrets("environment");
    environment.keySet().stream()
        .filter(name -> !VARIABLE.matcher(name).matches())
        .forEach(name -> variableProblem(name, "use letters, digits and _ in its name"));
    environment.keySet().stream()
        .filter(ProgramSettingsReader::isOurs)
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

  /** The key {@code stop_grace}: time between TERM and KILL when a program is ended. */
  public Duration stopGrace() {
    Duration grace = settings.duration("stop_grace", DEFAULT_GRACE);
    if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
      settings.problem("stop_grace", "must be between \"0s\" and \"60s\"");
    }
    return grace;
  }
}
