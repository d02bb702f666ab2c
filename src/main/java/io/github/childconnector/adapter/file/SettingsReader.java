package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;

/** Reads a child's {@code [child.file]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path NOWHERE = Path.of("/nowhere/file");

  private final AdapterSettings settings;
  private final ProgramSettingsReader programs;

  SettingsReader(AdapterSettings settings) {
    this.settings = settings;
    this.programs = new ProgramSettingsReader(settings);
  }

  FileSettings read() {
    Path path = path();
    return new FileSettings(
        path,
        mountPoint(path),
        settings.flag("keep_previous", true),
        programs.command("after", EnumSet.allOf(Placeholder.class)),
        programs.command("read_version", Placeholder.withoutImage()));
  }

  private Path path() {
    Optional<Path> path = settings.path("path").map(Path::normalize);
    if (settings.string("path").isEmpty()) {
      settings.problem(
          "path",
          "is missing; name the file that the device reads, for example"
              + " path = \"/srv/tftp/plc-1.bin\"");
    }
    if (path.filter(each -> each.getFileName() == null).isPresent()) {
      settings.problem("path", "is a directory; name a file in it");
    }
    return path.filter(each -> each.getFileName() != null).orElse(NOWHERE);
  }

  private Optional<Path> mountPoint(Path path) {
    Optional<Path> mountPoint = settings.path("mount_point").map(Path::normalize);
    if (mountPoint.filter(each -> !path.startsWith(each)).isPresent()) {
      settings.problem("mount_point", "is not above path; name what must be mounted for that file");
    }
    return mountPoint;
  }
}
