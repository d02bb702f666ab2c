package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.adapter.Trial.Hardship;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.VersionProgram;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the image where a device reads it, and runs a program then.
 *
 * @param path the file that the device reads
 * @param mountPoint what must be mounted for that
 * @param keepsPrevious whether the file that was there is kept, to go back to it
 * @param after what is run when the file is in its place
 * @param readVersion what tells which version the device runs
 */
record FileAdapter(
    Path path,
    Optional<Path> mountPoint,
    boolean keepsPrevious,
    Optional<CommandLine> after,
    Optional<CommandLine> readVersion,
    Programs programs)
    implements DeviceAdapter {
  private static final FailureCode FAILED = FailureCode.INSTALL_FAILED;

  private static final Path NOWHERE = Path.of("/nowhere/file");
  private static final Kind<Path> FILE =
      Places.PATH.unless(
          path ->
              List.of("", ".", "..").contains(name(path))
                  ? Optional.of("is a directory; name a file in it")
                  : Optional.empty());

  /** Reads a child's {@code [child.file]} table, noting all that is wrong with it. */
  static FileAdapter read(Section section, MonotonicClock clock) {
    ProgramSettingsReader reader = new ProgramSettingsReader(section);
    Path path =
        section.required(
            "path",
            FILE,
            NOWHERE,
            "name the file that the device reads, for example path = \"/srv/tftp/plc-1.bin\"");
    return new FileAdapter(
        path,
        mountPoint(section, path),
        section.flag("keep_previous", true),
        reader.command("after", EnumSet.allOf(Placeholder.class)),
        reader.command("read_version", Placeholder.withoutImage()),
        reader.programs(section.path("working_directory"), clock));
  }

  private static String name(Path path) {
    return path.getFileName() == null ? "" : path.getFileName().toString();
  }

  private static Optional<Path> mountPoint(Section section, Path path) {
    Optional<Path> mountPoint = section.path("mount_point");
    if (mountPoint.filter(each -> !path.normalize().startsWith(each.normalize())).isPresent()) {
      section.problem("mount_point", "is not above path; name what must be mounted for that file");
    }
    return mountPoint;
  }

  private FilePlace place() {
    return new FilePlace(path);
  }

  @Override
  public List<String> troubles() {
    return programs.troubles(Map.of("after", after, "read_version", readVersion));
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    requireMounted();
    progress.step(Progress.Step.WRITE);
    try {
      if (keepsPrevious) {
        place().keepPrevious(installation.update().key());
      }
      place().put(installation.image(), progress);
    } catch (IOException e) {
      throw ChangedImageException.failure(e)
          .orElseGet(() -> trouble("could not be put into its place", e));
    }
    runAfter(installation.update(), progress);
  }

  /** A stick that is not plugged in is a device that is away, and no directory to write to. */
  private void requireMounted() throws DeviceBusyException, UpdateException {
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
            .formatted(path, what, FileTrouble.sentence(cause)),
        cause);
  }

  private void runAfter(FirmwareUpdate update, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    if (after.isPresent()) {
      progress.step(Progress.Step.ATTACH);
      ProgramEnd end = run(after.get(), update, progress);
      if (end.isBusy()) {
        throw new DeviceBusyException(end.whyBusy());
      }
      end.requireSuccess(FAILED, end.remedy());
    }
  }

  private ProgramEnd run(CommandLine line, FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    return programs.run(ProgramCall.of(line, update, progress, FAILED).with(path));
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
            this, this::under, versionProgram().map(VersionProgram::check).stream().toList()));
  }

  private Optional<DeviceAdapter> under(Hardship hardship) {
    return after.map(
        line ->
            new FileAdapter(
                path, mountPoint, keepsPrevious, after, readVersion, programs.under(hardship)));
  }

  @Override
  public Optional<Rollback> rollback() {
    return keepsPrevious ? Optional.of(this::restore) : Optional.empty();
  }

  private Rollback.Result restore(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    try {
      if (!place().restore(update.key())) {
        return Rollback.Result.UNTOUCHED;
      }
    } catch (IOException e) {
      throw trouble("could not be restored", e);
    }
    if (after.isPresent()) {
      ProgramEnd end = run(after.get(), update, progress);
      end.requireSuccess(FAILED, end.remedy());
    }
    return Rollback.Result.RESTORED;
  }

  /** Every step leaves the old file or the new one in its place, whole. */
  @Override
  public boolean isRepeatable() {
    return true;
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
    return "file " + path;
  }
}
