package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.settings.Section;
import java.util.EnumSet;
import java.util.List;

/** Reads a child's {@code [child.command]} table, noting all that is wrong with it. */
final class SettingsReader {
  /** Stands in for what is missing; a configuration with a problem is never run. */
  private static final CommandLine NOTHING = new CommandLine(List.of("/bin/false"));

  private final Section section;
  private final ProgramSettingsReader programs;

  SettingsReader(Section section) {
    this.section = section;
    this.programs = new ProgramSettingsReader(section);
  }

  CommandSettings read() {
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
}
