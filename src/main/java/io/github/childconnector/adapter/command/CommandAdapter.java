package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Launcher;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.Optional;

/** Flashes a device with the operator's own programs: one run of a program for each call. */
final class CommandAdapter implements DeviceAdapter {
  private static final FailureCode FAILED = FailureCode.INSTALL_FAILED;
  private static final String INSTALL_REMEDY =
      "What it wrote is in the connector's log: remove the cause it names, then request the update"
          + " again.";
  private static final String ROLLBACK_REMEDY =
      "The old firmware may not be back: look at the device, and at the connector's log, before the"
          + " next update.";

  private final CommandSettings settings;
  private final Programs programs;

  CommandAdapter(CommandSettings settings, Launcher launcher, MonotonicClock clock) {
    this(settings, new Programs(launcher, settings.stopGrace(), clock));
  }

  private CommandAdapter(CommandSettings settings, Programs programs) {
    this.settings = settings;
    this.programs = programs;
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    ProgramCall call =
        ProgramCall.of(settings.install(), installation.update(), progress, FAILED)
            .with(installation.image().path());
    ProgramEnd end = programs.run(call);
    if (end.isBusy()) {
      throw new DeviceBusyException(end.whyBusy());
    }
    end.requireSuccess(FAILED, INSTALL_REMEDY);
  }

  @Override
  public Optional<Rollback> rollback() {
    return settings.rollback().map(line -> (update, progress) -> restore(line, update, progress));
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
    return settings.readVersion().map(line -> new VersionProgram(programs, line));
  }

  @Override
  public Optional<Trial> trial(Path scratch) {
    return Optional.of(
        new Trial(
            this,
            hardship -> Optional.of(new CommandAdapter(settings, programs.under(hardship))),
            versionProgram().map(VersionProgram::check).stream().toList()));
  }

  @Override
  public boolean isRepeatable() {
    return settings.repeatable();
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
    programs.endLeftovers(update.key());
  }
}
