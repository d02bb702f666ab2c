package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.Check;
import io.github.childconnector.adapter.Commitment;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.adapter.program.LoggedOutput;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Flashes a device with an update module. */
final class ModuleAdapter implements DeviceAdapter {
  private final ModuleSettings settings;
  private final Path directory;
  private final Programs programs;

  /** Keeps the file trees below {@code directory}. */
  ModuleAdapter(ModuleSettings settings, Path directory, Programs programs) {
    this.settings = settings;
    this.directory = directory;
    this.programs = programs;
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws UpdateException, InterruptedException {
    FirmwareUpdate update = installation.update();
    FileTree tree = FileTree.of(directory, update.key());
    for (FileTree other : tree.others()) {
      progress.message("An earlier update of this child was not cleaned up; that is done now");
      deployment(update, other, progress).cleanUp();
    }
    deployment(update, tree, progress).install(installation);
  }

  private Deployment deployment(FirmwareUpdate update, Progress progress) {
    return deployment(update, FileTree.of(directory, update.key()), progress);
  }

  private Deployment deployment(FirmwareUpdate update, FileTree tree, Progress progress) {
    UpdateModule module = new UpdateModule(settings.program(), programs, update, tree, progress);
    return new Deployment(settings, module);
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
    List<Check> checks = new ArrayList<>(new StateChecks(settings, scratch, programs).list());
    versionProgram().map(VersionProgram::check).ifPresent(checks::add);
    return Optional.of(
        new Trial(
            new ModuleAdapter(settings, scratch, programs),
            hardship -> Optional.of(new ModuleAdapter(settings, scratch, programs.under(hardship))),
            checks));
  }

  @Override
  public Optional<Commitment> commitment() {
    return Optional.of((update, progress) -> deployment(update, progress).commit(update));
  }

  /** Offered whether the module can go back or not, because failures have states of their own. */
  @Override
  public Optional<Rollback> rollback() {
    return Optional.of((update, progress) -> deployment(update, progress).rollBack());
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
    programs.endLeftovers(update.key());
    LoggedOutput log = new LoggedOutput(System.Logger.Level.INFO, "The module", update.key());
    try {
      deployment(update, log).endRollback();
    } catch (UpdateException e) {
      log.message(e.failure().sentence());
    }
  }
}
