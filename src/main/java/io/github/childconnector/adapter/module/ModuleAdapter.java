package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.Trial.Check;
import io.github.childconnector.adapter.module.FileTree.Phase;
import io.github.childconnector.adapter.module.UpdateModule.Reboot;
import io.github.childconnector.adapter.module.UpdateModule.State;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.LoggedOutput;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flashes a device with an update module.
 *
 * @param directory below which the file trees lie
 */
record ModuleAdapter(ModuleSettings settings, Path directory, Programs programs)
    implements DeviceAdapter {

  @Override
  public List<String> troubles() {
    CommandLine module = new CommandLine(List.of(settings.program().toString()));
    return programs.troubles(
        Map.of("program", Optional.of(module), "read_version", settings.readVersion()));
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
    return new Deployment(settings, module, tree);
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
  public void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    programs.requireNoLeftovers(update.key().child());
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws DeviceBusyException, InterruptedException {
    programs.endLeftovers(update.key());
    LoggedOutput log = new LoggedOutput(System.Logger.Level.INFO, "The module", update.key());
    try {
      deployment(update, log).endRollback();
    } catch (UpdateException e) {
      log.message(e.failure().sentence());
    }
  }

  /** The order in which a module is brought through its states, and what follows upon a failure. */
  private record Deployment(ModuleSettings settings, UpdateModule module, FileTree tree) {
    private static final int MAX_REBOOTS_BACK = 3;

    private interface Work {
      void run() throws UpdateException, InterruptedException;
    }

    /** From nothing to a device that has taken the image, and may yet go back. */
    void install(Installation installation) throws UpdateException, InterruptedException {
      tree.create(settings, installation.update());
      module.progress().step(Progress.Step.PREPARE);
      module.download(PayloadFile.all(settings, installation.image()));
      // Afterwards it may be unable to answer.
      boolean canGoBack = module.canGoBack();
      tree.noteRollback(canGoBack);
      if (settings.requiresRollback() && !canGoBack) {
        throw new UpdateException(FailureCode.INSTALL_FAILED, noWayBack());
      }
      tree.enter(Phase.INSTALL);
      module.progress().step(Progress.Step.WRITE);
      module.call(State.ARTIFACT_INSTALL);
      if (reboots(module.reboot())) {
        module.progress().step(Progress.Step.ATTACH);
        module.call(State.ARTIFACT_REBOOT);
        module.call(State.ARTIFACT_VERIFY_REBOOT);
      }
    }

    private String noWayBack() {
      return "The module %s could not restore the old firmware (it answered SupportsRollback with No), so it was not let install the new one. Use a module that can; or, if a failed update may be left on the device, remove require_rollback."
          .formatted(module.program());
    }

    /**
     * Whether the device is rebooted by the module.
     *
     * @throws UpdateException it wants the gateway to be rebooted before it goes on: it would
     *     verify, and make final, what does not run yet
     */
    private boolean reboots(Reboot reboot) throws UpdateException {
      if (reboot == Reboot.GATEWAY && !settings.takesAutomaticAsYes()) {
        throw new UpdateException(
            FailureCode.INSTALL_FAILED,
            "The module %s wants the machine it runs on, this gateway, rebooted (NeedsArtifactReboot: Automatic), which the connector does not do. Use it where mender runs it; or, if its state ArtifactReboot reboots the device by itself, set automatic_reboot = \"as-yes\"."
                .formatted(module.program()));
      }
      return reboot != Reboot.NONE;
    }

    /** Makes it final; done already where the tree is gone. */
    void commit(FirmwareUpdate update) throws UpdateException, InterruptedException {
      if (tree.exists()) {
        module.call(State.ARTIFACT_COMMIT);
        tree.noteCommitted(Header.artifactName(update.firmware()));
        cleanUp();
      }
    }

    /** Whatever has to follow upon a failure, so that the tree is gone in the end. */
    Rollback.Result rollBack() throws UpdateException, InterruptedException {
      if (!tree.exists()) {
        return Rollback.Result.UNTOUCHED;
      }
      if (tree.phase() == Phase.DOWNLOAD) {
        cleanUp();
        return Rollback.Result.UNTOUCHED;
      }
      tree.enter(Phase.ROLLBACK);
      Optional<UpdateException> failure = attempt(this::restore);
      attempt(() -> module.call(State.ARTIFACT_FAILURE));
      cleanUp();
      if (failure.isPresent()) {
        throw failure.get();
      }
      return Rollback.Result.RESTORED;
    }

    private void restore() throws UpdateException, InterruptedException {
      if (!canGoBack()) {
        throw new UpdateException(
            FailureCode.INSTALL_FAILED,
            "The module %s cannot go back (SupportsRollback).".formatted(module.program()));
      }
      Reboot reboot = module.reboot();
      module.call(State.ARTIFACT_ROLLBACK);
      // Nothing was rebooted where the gateway was to be.
      if (reboot == Reboot.DEVICE || (reboot == Reboot.GATEWAY && settings.takesAutomaticAsYes())) {
        rebootBack();
      }
    }

    /** Asks again where an earlier connector has not noted the answer. */
    private boolean canGoBack() throws UpdateException, InterruptedException {
      Optional<Boolean> noted = tree.rollback();
      return noted.isPresent() ? noted.get() : module.canGoBack();
    }

    private void rebootBack() throws UpdateException, InterruptedException {
      Optional<UpdateException> failure = rebootBackOnce();
      for (int i = 1; i < MAX_REBOOTS_BACK && failure.isPresent(); i++) {
        failure = rebootBackOnce();
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
    }

    /** Only the verification decides: the reboot may have cut off what asked for it. */
    private Optional<UpdateException> rebootBackOnce() throws InterruptedException {
      attempt(() -> module.call(State.ARTIFACT_ROLLBACK_REBOOT));
      return attempt(() -> module.call(State.ARTIFACT_VERIFY_ROLLBACK_REBOOT));
    }

    /**
     * Ends what a connector left that was killed while it rolled back, which is not begun again.
     */
    void endRollback() throws UpdateException, InterruptedException {
      if (tree.exists() && tree.phase() == Phase.ROLLBACK) {
        attempt(() -> module.call(State.ARTIFACT_FAILURE));
        cleanUp();
      }
    }

    /** The last that a module hears of an operation; its failure changes nothing any more. */
    void cleanUp() throws InterruptedException {
      module.progress().step(Progress.Step.CLEANUP);
      if (tree.exists()) {
        attempt(() -> module.call(State.CLEANUP));
      }
      attempt(tree::remove);
    }

    private Optional<UpdateException> attempt(Work work) throws InterruptedException {
      try {
        work.run();
        return Optional.empty();
      } catch (UpdateException e) {
        module.progress().message(e.failure().sentence());
        return Optional.of(e);
      }
    }
  }
}
