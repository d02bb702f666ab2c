package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.program.CommandLine;
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

/**
 * A child's {@code [child.module]} table. A sample of it is in {@code examples/module}.
 *
 * @param program the module
 * @param directory below which the file trees lie
 * @param payloadType what the module is told its payload is
 * @param deviceType what the module is told the device is
 * @param fileName the name of the image among the files of the payload
 * @param files further files of the payload, each with its content; never shown
 * @param metaData the payload's meta-data, a JSON object
 * @param takesAutomaticAsYes whether a module that wants its machine rebooted reboots the device
 * @param requiresRollback whether a module that cannot go back may install nothing
 * @param readVersion what tells which version the device runs
 */
record ModuleSettings(
    Path program,
    Path directory,
    String payloadType,
    String deviceType,
    String fileName,
    Map<String, String> files,
    String metaData,
    boolean takesAutomaticAsYes,
    boolean requiresRollback,
    Optional<CommandLine> readVersion) {
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

  ModuleSettings {
    files = Map.copyOf(files);
  }

  /** Leaves out what may be secret. */
  @Override
  public String toString() {
    return "module " + program;
  }

  /**
   * Reads a child's {@code [child.module]} table, noting all that is wrong with it.
   *
   * @param programs what reads the keys of its programs
   */
  static ModuleSettings read(ChildId child, Section section, ProgramSettingsReader programs) {
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
            "file_name", Kinds.TEXT.unless(ModuleSettings::nameObjection), "firmware.bin");
    return new ModuleSettings(
        program,
        directory,
        section.value("payload_type", Kinds.LINE, String.valueOf(program.getFileName())),
        section.value("device_type", Kinds.LINE, child.value()),
        fileName,
        files(section, fileName),
        section.optional("meta_data", META_DATA).orElse("{}"),
        section
            .value("automatic_reboot", Kinds.oneOf("refused", "as-yes"), "refused")
            .equals("as-yes"),
        section.flag("require_rollback", false),
        programs.command("read_version", Placeholder.withoutImage()));
  }

  private static Map<String, String> files(Section section, String fileName) {
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
