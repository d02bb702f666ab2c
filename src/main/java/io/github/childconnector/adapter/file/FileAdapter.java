package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Hardship;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Puts the image where a device reads it, and runs a program then. */
final class FileAdapter implements DeviceAdapter {
  private static final FailureCode FAILED = FailureCode.INSTALL_FAILED;
  private static final String AFTER_REMEDY =
      "What it wrote is in the connector's log: remove the cause it names, then request the update"
          + " again.";

  private final FileSettings settings;
  private final FilePlace place;
  private final Programs programs;

  FileAdapter(FileSettings settings, Programs programs) {
    this.settings = settings;
    this.place = new FilePlace(settings.path());
    this.programs = programs;
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    requireMounted();
    progress.step(Progress.Step.WRITE);
    try {
      if (settings.keepsPrevious()) {
        place.keepPrevious(installation.update().key());
      }
      place.put(installation.image(), progress);
    } catch (IOException e) {
      throw trouble("could not be put into its place", e);
    }
    runAfter(installation.update(), progress);
  }

  /** A stick that is not plugged in is a device that is away, and no directory to write to. */
  private void requireMounted() throws DeviceBusyException, UpdateException {
    Optional<Path> mountPoint = settings.mountPoint();
    try {
      if (mountPoint.isPresent() && !isMounted(mountPoint.get())) {
        throw new DeviceBusyException("nothing is mounted at " + mountPoint.get());
      }
    } catch (IOException e) {
      throw trouble("cannot be reached", e);
    }
  }

  private static boolean isMounted(Path mountPoint) throws IOException {
    return Files.isDirectory(mountPoint)
        && !Files.getAttribute(mountPoint, "unix:dev")
            .equals(Files.getAttribute(mountPoint.resolve(".."), "unix:dev"));
  }

  private UpdateException trouble(String what, IOException cause) {
    return new UpdateException(
        FAILED,
        "The file %s %s: %s. See that its directory is there and has room, and that the connector's user, and its service (ReadWritePaths=), may write to it."
            .formatted(settings.path(), what, FileTrouble.sentence(cause)),
        cause);
  }

  private void runAfter(FirmwareUpdate update, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    if (settings.after().isPresent()) {
      progress.step(Progress.Step.ATTACH);
      ProgramEnd end = run(settings.after().get(), update, progress);
      if (end.isBusy()) {
        throw new DeviceBusyException(end.whyBusy());
      }
      end.requireSuccess(FAILED, AFTER_REMEDY);
    }
  }

  private ProgramEnd run(CommandLine line, FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    return programs.run(ProgramCall.of(line, update, progress, FAILED).with(settings.path()));
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
            this, this::under, versionProgram().map(VersionProgram::check).stream().toList()));
  }

  private Optional<DeviceAdapter> under(Hardship hardship) {
    return settings.after().map(after -> new FileAdapter(settings, programs.under(hardship)));
  }

  @Override
  public Optional<Rollback> rollback() {
    return settings.keepsPrevious() ? Optional.of(this::restore) : Optional.empty();
  }

  private Rollback.Result restore(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    try {
      if (!place.restore(update.key())) {
        return Rollback.Result.UNTOUCHED;
      }
    } catch (IOException e) {
      throw trouble("could not be restored", e);
    }
    if (settings.after().isPresent()) {
      run(settings.after().get(), update, progress).requireSuccess(FAILED, AFTER_REMEDY);
    }
    return Rollback.Result.RESTORED;
  }

  /** Every step leaves the old file or the new one in its place, whole. */
  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
    programs.endLeftovers(update.key());
  }
}
