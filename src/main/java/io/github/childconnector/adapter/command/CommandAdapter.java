package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Section;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flashes a device with the operator's own programs: one run of a program for each call.
 *
 * @param install what puts an image on the device
 * @param readVersion what tells which version the device runs
 * @param restore what restores the old firmware
 * @param isRepeatable whether an installation that was cut off may be done again
 */
record CommandAdapter(
    CommandLine install,
    Optional<CommandLine> readVersion,
    Optional<CommandLine> restore,
    boolean isRepeatable,
    Programs programs)
    implements DeviceAdapter {
  private static final FailureCode FAILED = FailureCode.INSTALL_FAILED;
  private static final String ROLLBACK_REMEDY =
      "The old firmware may not be back: look at the device, and at the connector's log, before the"
          + " next update.";

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private static final CommandLine NOTHING = new CommandLine(List.of("/bin/false"));

  /** Reads a child's {@code [child.command]} table, noting all that is wrong with it. */
  static CommandAdapter read(Section section, MonotonicClock clock) {
    ProgramSettingsReader reader = new ProgramSettingsReader(section);
    return new CommandAdapter(
        section.required(
            "install",
            CommandLine.kind(EnumSet.allOf(Placeholder.class)),
            NOTHING,
            "name the program that flashes the device, for example"
                + " install = [\"/opt/plc/flash.sh\", \"{image}\", \"{version}\"]"),
        reader.command("read_version", Placeholder.withoutImage()),
        reader.command("rollback", Placeholder.withoutImage()),
        section.flag("repeatable", false),
        reader.programs(section.path("working_directory"), clock));
  }

  CommandAdapter with(Programs others) {
    return new CommandAdapter(install, readVersion, restore, isRepeatable, others);
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    FirmwareImage image = installation.image();
    ProgramCall call =
        ProgramCall.of(install, installation.update(), progress, FAILED).with(image.path());
    image.requireUnchanged();
    ProgramEnd end = programs.run(call);
    if (end.isBusy()) {
      throw new DeviceBusyException(end.whyBusy());
    }
    end.requireSuccess(FAILED, end.remedy());
    // It may have moved the image away; but not have been given another while it was at work.
    if (Files.exists(image.path())) {
      image.requireUnchanged();
    }
  }

  @Override
  public Optional<Rollback> rollback() {
    return restore.map(line -> (update, progress) -> restore(line, update, progress));
  }

  private Rollback.Result restore(CommandLine line, FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    programs
        .run(ProgramCall.of(line, update, progress, FAILED))
        .requireSuccess(FAILED, ROLLBACK_REMEDY);
    return Rollback.Result.RESTORED;
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return versionProgram().map(VersionReader.class::cast);
  }

  private Optional<VersionProgram> versionProgram() {
    return readVersion.map(line -> new VersionProgram(programs, line));
  }

  @Override
  public Optional<Trial> trial(Path scratch) {
    return Optional.of(
        new Trial(
            this,
            hardship -> Optional.of(with(programs.under(hardship))),
            versionProgram().map(VersionProgram::check).stream().toList()));
  }

  @Override
  public List<String> troubles() {
    return programs.troubles(
        Map.of("install", Optional.of(install), "read_version", readVersion, "rollback", restore));
  }

  @Override
  public void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    programs.requireNoLeftovers(update.key().child());
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws DeviceBusyException, InterruptedException {
    programs.endLeftovers(update.key());
  }

  /** Arguments may be secret. */
  @Override
  public String toString() {
    return "command " + install.program();
  }
}
