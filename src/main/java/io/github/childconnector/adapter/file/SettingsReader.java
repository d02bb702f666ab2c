package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Reads a child's {@code [child.file]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path NOWHERE = Path.of("/nowhere/file");
  private static final Kind<Path> FILE =
      Places.PATH.unless(
          path ->
              List.of("", ".", "..").contains(name(path))
                  ? Optional.of("is a directory; name a file in it")
                  : Optional.empty());

  private final Section section;
  private final ProgramSettingsReader programs;

  SettingsReader(Section section) {
    this.section = section;
    this.programs = new ProgramSettingsReader(section);
  }

  FileSettings read() {
    Path path =
        section.required(
            "path",
            FILE,
            NOWHERE,
            "name the file that the device reads, for example path = \"/srv/tftp/plc-1.bin\"");
    return new FileSettings(
        path,
        mountPoint(path),
        section.flag("keep_previous", true),
        programs.command("after", EnumSet.allOf(Placeholder.class)),
        programs.command("read_version", Placeholder.withoutImage()));
  }

  private static String name(Path path) {
    return path.getFileName() == null ? "" : path.getFileName().toString();
  }

  private Optional<Path> mountPoint(Path path) {
    Optional<Path> mountPoint = section.path("mount_point");
    if (mountPoint.filter(each -> !path.normalize().startsWith(each.normalize())).isPresent()) {
      section.problem("mount_point", "is not above path; name what must be mounted for that file");
    }
    return mountPoint;
  }
}
