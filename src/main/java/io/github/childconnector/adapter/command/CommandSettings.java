package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A child's {@code [child.command]} table. A sample of it is in {@code examples/command}.
 *
 * @param install what puts an image on the device
 * @param readVersion what tells which version the device runs
 * @param rollback what restores the old firmware
 * @param workingDirectory where the programs are started; the connector's own if absent
 * @param environment variables for all three, never shown
 * @param repeatable whether an installation that was cut off may be done again
 * @param stopGrace time between TERM and KILL when a program is ended
 */
record CommandSettings(
    CommandLine install,
    Optional<CommandLine> readVersion,
    Optional<CommandLine> rollback,
    Optional<Path> workingDirectory,
    Map<String, String> environment,
    boolean repeatable,
    Duration stopGrace) {

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private static final CommandLine NOTHING = new CommandLine(List.of("/bin/false"));

  CommandSettings {
    environment = Map.copyOf(environment);
  }

  /** Reads the table, noting all that is wrong with it. */
  static CommandSettings read(Section section) {
    ProgramSettingsReader programs = new ProgramSettingsReader(section);
    return new CommandSettings(
        section.required(
            "install",
            CommandLine.kind(EnumSet.allOf(Placeholder.class)),
            NOTHING,
            "name the program that flashes the device, for example"
                + " install = [\"/opt/plc/flash.sh\", \"{image}\", \"{version}\"]"),
        programs.command("read_version", Placeholder.withoutImage()),
        programs.command("rollback", Placeholder.withoutImage()),
        section.path("working_directory"),
        programs.environment(),
        section.flag("repeatable", false),
        programs.stopGrace());
  }

  @Override
  public String toString() {
    return "command " + install.program() + ", environment " + environment.keySet();
  }
}
