package io.github.childconnector.adapter.program;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.nio.file.Path;
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
 *
 * @param section a child's sub-table
 */
public record ProgramSettingsReader(Section section) {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** The service manager kills the whole connector after 90 seconds. */
  private static final Kind<Duration> GRACE = Kinds.duration(Duration.ZERO, Duration.ofSeconds(60));

  /** A program whose arguments may hold the placeholders that are known where it runs. */
  public Optional<CommandLine> command(String key, Set<Placeholder> known) {
    return section.optional(key, CommandLine.kind(known));
  }

  /**
   * Makes what runs programs by the keys {@code environment} and {@code stop_grace}.
   *
   * @param directory where they are started; the connector's own directory if absent
   */
  public Programs programs(Optional<Path> directory, MonotonicClock clock) {
    Launcher launcher = Launcher.of(directory, environment());
    Duration stopGrace = section.value("stop_grace", GRACE, Duration.ofSeconds(10));
    return new Programs(launcher, stopGrace, clock);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = section.secrets("environment");
    environment.forEach(
        (name, value) ->
            objection(name, value)
                .ifPresent(
                    remedy ->
                        section.problem(
                            "environment",
                            "cannot hold the variable " + Text.quoted(name) + ": " + remedy)));
    return environment;
  }

  private static Optional<String> objection(String name, String value) {
    if (!VARIABLE.matcher(name).matches()) {
      return Optional.of("use letters, digits and _ in its name");
    }
    if (Arrays.stream(Placeholder.values()).anyMatch(each -> each.variable().equals(name))) {
      return Optional.of("it is set by the connector; remove it here");
    }
    return value.indexOf('\0') >= 0
        ? Optional.of("remove the NUL character from its value")
        : Optional.empty();
  }
}
