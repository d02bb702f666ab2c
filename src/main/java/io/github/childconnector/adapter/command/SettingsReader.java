package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import java.util.EnumSet;
import java.util.List;

/** Reads a child's {@code [child.command]} table, noting all that is wrong with it. */
final class SettingsReader {
  private final AdapterSettings settings;
  private final ProgramSettingsReader programs;

  SettingsReader(AdapterSettings settings) {
    this.settings = settings;
    this.programs = new ProgramSettingsReader(settings);
  }

  CommandSettings read() {
    return new CommandSettings(
        programs.command("install", EnumSet.allOf(Placeholder.class)).orElseGet(this::noInstall),
        programs.command("read_version", Placeholder.withoutImage()),
        programs.command("rollback", Placeholder.withoutImage()),
        settings.path("working_directory"),
        programs.environment(),
        settings.flag("repeatable", false),
        programs.stopGrace());
  }

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private CommandLine noInstall() {
    settings.problem(
        "install",
        "is missing; name the program that flashes the device, for example"
            + " install = [\"/opt/plc/flash.sh\", \"{image}\", \"{version}\"]");
    return new CommandLine(List.of("/bin/false"));
  }
}
