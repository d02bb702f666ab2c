package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.module]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path NOWHERE = Path.of("/nowhere");

  /**
   * The characters that shells, tar and make take for nothing but a name, also where a module does
   * not quote.
   */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_./+-]*");

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9_.+-]{0,99}");

  private static final Kind<Path> DIRECTORY =
      Places.PATH.unless(
          path ->
              sentenceIf(
                  !HARMLESS.matcher(path.toString()).matches(),
                  "may confuse modules, which often are shell scripts; name one of letters, digits"
                      + " and _ . + - only"));

  private static final Kind<String> META_DATA =
      Kinds.TEXT.unless(
          text ->
              sentenceIf(
                  !Header.isObject(text), "is no JSON object; write for example '{\"slot\": 2}'"));

  private final ChildId child;
  private final Section section;
  private final ProgramSettingsReader programs;

  SettingsReader(ChildId child, Section section) {
    this.child = child;
    this.section = section;
    this.programs = new ProgramSettingsReader(section);
  }

  ModuleSettings read() {
    Path program =
        section.required(
            "program",
            Places.PATH,
            NOWHERE,
            "name the module, for example program = \"/opt/plc/module\"");
    Path directory =
        section.required(
            "directory",
            DIRECTORY,
            NOWHERE,
            "name where the module's files are kept while an update lasts, for example directory ="
                + " \"/var/lib/tedge-child-connector/modules\"");
    String fileName =
        section.value(
            "file_name", Kinds.TEXT.unless(SettingsReader::nameObjection), "firmware.bin");
    return new ModuleSettings(
        program,
        directory,
        section.value("payload_type", Kinds.LINE, String.valueOf(program.getFileName())),
        section.value("device_type", Kinds.LINE, child.value()),
        fileName,
        files(fileName),
        section.optional("meta_data", META_DATA).orElse("{}"),
        programs.command("read_version", Placeholder.withoutImage()),
        programs.environment(),
        programs.stopGrace());
  }

  private Map<String, String> files(String fileName) {
    Map<String, String> files = section.secrets("files");
    files
        .keySet()
        .forEach(
            name -> nameObjection(name).ifPresent(sentence -> section.problem("files", sentence)));
    if (files.containsKey(fileName)) {
      section.problem(
          "files",
          "holds " + Text.quoted(fileName) + ", which is the image; rename it, or set file_name");
    }
    return files;
  }

  private static Optional<String> nameObjection(String name) {
    return sentenceIf(
        !FILE_NAME.matcher(name).matches(),
        "cannot be the name of a file for modules: "
            + Text.quoted(name)
            + "; use letters, digits and _ . + - and no dot first");
  }

  private static Optional<String> sentenceIf(boolean isWrong, String sentence) {
    return isWrong ? Optional.of(sentence) : Optional.empty();
  }
}
