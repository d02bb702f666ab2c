package io.github.childconnector.conformance;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.command.CommandAdapterProvider;
import io.github.childconnector.adapter.module.ModuleAdapterProvider;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.conformance.Subject.Release;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A device in a directory with the programs that flash it. They are good, until a test replaces a
 * line of one of them; what may not be missing stands on a line of its own for that.
 */
final class FaultyPrograms {
  private static final ChildId CHILD = new ChildId("plc 1");

  private static final String INSTALL =
      """
      #!/bin/sh
      # install.sh IMAGE VERSION
      set -eu
      cd '%s'
      # begin
      [ -s "$1" ] || { echo "the image is empty or not there" >&2; exit 1; }
      [ "$(head -c 4 "$1")" = FIRM ] || { echo "that is no firmware" >&2; exit 1; }
      [ "$(tail -c 3 "$1")" = END ] || { echo "the image is cut off" >&2; exit 1; }
      if [ "$(cat operation)" != "$OPERATION_ID" ]; then
        cp version previous.new
        mv previous.new previous
        printf '%%s\\n' "$OPERATION_ID" >operation.new
        mv operation.new operation
      fi
      echo "step write"
      cp "$1" image.new
      sleep 0.02
      mv image.new image
      printf '%%s\\n' "$2" >version.new
      mv version.new version
      # end
      exit 0
      """;

  private static final String READ_VERSION =
      """
      #!/bin/sh
      cat '%s/version'
      """;

  private static final String ROLLBACK =
      """
      #!/bin/sh
      set -eu
      cd '%s'
      [ "$(cat operation)" = "$OPERATION_ID" ] || exit 0
      cp version aside
      cp previous version.new
      mv version.new version
      echo none >operation
      """;

  private static final String MODULE =
      """
      #!/bin/sh
      # module.sh STATE TREE
      set -eu
      cd '%s'
      tree=$2
      case $1 in
        SupportsRollback) echo Yes ;;
        NeedsArtifactReboot) echo Yes ;;
        ArtifactInstall)
          if [ ! -e "$tree/tmp/old" ]; then
            cp version "$tree/tmp/old.new"
            mv "$tree/tmp/old.new" "$tree/tmp/old"
          fi
          cp "$tree/files/firmware.bin" image.new
          mv image.new image
          printf '%%s\\n' "$FIRMWARE_VERSION" >version.new
          mv version.new version
          ;;
        ArtifactRollback)
          [ -e "$tree/tmp/old" ] || exit 0
          cp "$tree/tmp/old" version.new
          mv version.new version
          ;;
        Cleanup) : ;;
        # else
      esac
      exit 0
      """;

  private final Path directory;
  private final Map<String, String> programs = new HashMap<>();

  private Set<String> only = Set.of();
  private Duration grace = Duration.ofSeconds(30);

  FaultyPrograms(Path directory) {
    this.directory = directory;
    programs.put("install", INSTALL.formatted(directory));
    programs.put("read_version", READ_VERSION.formatted(directory));
    programs.put("rollback", ROLLBACK.formatted(directory));
    programs.put("module", MODULE.formatted(directory));
  }

  /** With a run of these checks only, besides those that run in any case. */
  FaultyPrograms only(String... checks) {
    only = Set.of(checks);
    return this;
  }

  /** With a stop_grace that is over soon, for programs that do not end within any. */
  FaultyPrograms impatient() {
    grace = Duration.ofMillis(300);
    return this;
  }

  /** With another text in the place of one that is in a program. */
  FaultyPrograms with(String program, String good, String other) {
    String text = programs.getOrDefault(program, "");
    if (!text.contains(good)) {
      throw new AssertionError(program + " has no " + good);
    }
    programs.put(program, text.replace(good, other));
    return this;
  }

  /** The results of a run with the adapter {@code command}. */
  List<Result> runCommand() throws Exception {
    return run(
        new CommandAdapterProvider()
            .create(
                CHILD,
                ScriptedSettings.installing(script("install"), "{image}", "{version}")
                    .with("read_version", List.of(script("read_version")))
                    .with("rollback", List.of(script("rollback")))
                    .with("repeatable", true)
                    .with("stop_grace", grace)
                    .section()));
  }

  /** The results of a run with the adapter {@code module}. */
  List<Result> runModule() throws Exception {
    return run(
        new ModuleAdapterProvider()
            .create(
                CHILD,
                new ScriptedSettings()
                    .with("program", script("module"))
                    .with("directory", directory.toString())
                    .with("read_version", List.of(script("read_version")))
                    .with("stop_grace", grace)
                    .section()));
  }

  private String script(String name) throws IOException {
    Path file = directory.resolve(name + ".sh");
    Files.writeString(file, programs.getOrDefault(name, ""));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"))
        .toString();
  }

  List<Result> run(DeviceAdapter adapter) throws Exception {
    Files.writeString(directory.resolve("version"), "0.9\n");
    Files.writeString(directory.resolve("operation"), "none\n");
    Path images = Files.createDirectory(directory.resolve("images"));
    Child child =
        new Child(
            CHILD,
            adapter,
            Optional.empty(),
            Duration.ofSeconds(20),
            Duration.ofMillis(200),
            Duration.ofSeconds(10));
    List<Result> told = new ArrayList<>();
    try (SystemClock clock = new SystemClock()) {
      ImageShelf shelf =
          new ImageShelf(images, new ImageStore(images, download(), new LocalDisk(), clock));
      List<Result> results = new AdapterTrials(subject(child), shelf, clock, told::add).run();
      if (!results.equals(told)) {
        throw new AssertionError("other results were told than returned: " + told);
      }
      return results;
    }
  }

  private Subject subject(Child child) throws IOException {
    return new Subject(
        child,
        child.adapter().trial(Files.createDirectory(directory.resolve("trial"))).orElseThrow(),
        release("2.0"),
        Optional.of(release("1.0")),
        true,
        only);
  }

  private Release release(String version) throws IOException {
    Path file = directory.resolve("image-" + version);
    Files.writeString(file, "FIRM" + version.repeat(1000) + "END");
    return new Release(new Firmware("plc", version), file);
  }

  private static DownloadSettings download() {
    return new DownloadSettings(
        1 << 20,
        0,
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Set.of(),
        Optional.empty(),
        new TlsSettings(Optional.empty(), Optional.empty()));
  }
}
