package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * A child's {@code [child.file]} table; the package documentation has a sample.
 *
 * @param path the file that the device reads
 * @param mountPoint what must be mounted for that
 * @param keepsPrevious whether the file that was there is kept, to go back to it
 * @param after what is run when the file is in its place
 * @param readVersion what tells which version the device runs
 */
record FileSettings(
    Path path,
    Optional<Path> mountPoint,
    boolean keepsPrevious,
    Optional<CommandLine> after,
    Optional<CommandLine> readVersion) {
  private static final Path NOWHERE = Path.of("/nowhere/file");
  private static final Kind<Path> FILE =
      Places.PATH.unless(
          path ->
              List.of("", ".", "..").contains(name(path))
                  ? Optional.of("is a directory; name a file in it")
                  : Optional.empty());

  /** Reads the table, noting all that is wrong with it. */
  static FileSettings read(Section section) {
    ProgramSettingsReader programs = new ProgramSettingsReader(section);
    Path path =
        section.required(
            "path",
            FILE,
            NOWHERE,
            "name the file that the device reads, for example path = \"/srv/tftp/plc-1.bin\"");
    return new FileSettings(
        path,
        mountPoint(section, path),
        section.flag("keep_previous", true),
        programs.command("after", EnumSet.allOf(Placeholder.class)),
        programs.command("read_version", Placeholder.withoutImage()));
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
}
