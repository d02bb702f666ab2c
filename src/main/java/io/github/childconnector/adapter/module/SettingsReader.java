package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.operation.ChildId;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.module]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path NOWHERE = Path.of("/nowhere");

  /** What shells, tar and make take for nothing but a name, also where a module does not quote. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_./+-]*");

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9_.+-]{0,99}");

  private final ChildId child;
  private final AdapterSettings settings;
  private final ProgramSettingsReader programs;

  SettingsReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
    this.programs = new ProgramSettingsReader(settings);
  }

  ModuleSettings read() {
    Path program = path("program", "name the module, for example program = \"/opt/plc/module\"");
    String fileName = settings.string("file_name").orElse("firmware.bin");
    requireFileName("file_name", fileName);
    return new ModuleSettings(
        program,
        directory(),
        line("payload_type", String.valueOf(program.getFileName())),
        line("device_type", child.value()),
        fileName,
        files(fileName),
        metaData(),
        programs.command("read_version", Placeholder.withoutImage()),
        programs.environment(),
        programs.stopGrace());
  }

  private Path path(String key, String remedy) {
    // What stands in for a missing path is never used: a configuration with a problem is not run.
    return settings
        .path(key)
        .orElseGet(
            () -> {
              settings.problem(key, "is missing; " + remedy);
              return NOWHERE;
            });
  }

  private Path directory() {
    Path directory =
        path(
            "directory",
            "name where the module's files are kept while an update lasts, for example directory ="
                + " \"/var/lib/tedge-child-connector/modules\"");
    if (!HARMLESS.matcher(directory.toString()).matches()) {
      settings.problem(
          "directory",
          "may confuse modules, which often are shell scripts; name one of letters, digits and"
              + " _ . + - only");
    }
    return directory;
  }

  /** A text that modules read as the only line of a file. */
  private String line(String key, String byDefault) {
    String line = settings.string(key).orElse(byDefault);
    if (line.chars().anyMatch(Character::isISOControl)) {
      settings.problem(key, "holds a line break or another control character; remove it");
    }
    return line;
  }

  private Map<String, String> files(String fileName) {
    Map<String, String> files = settings.secrets("files");
    files.keySet().forEach(name -> requireFileName("files", name));
    if (files.containsKey(fileName)) {
      settings.problem(
          "files", "holds \"" + fileName + "\", which is the image; rename it, or set file_name");
    }
    return files;
  }

  private void requireFileName(String key, String name) {
    if (!FILE_NAME.matcher(name).matches()) {
      settings.problem(
          key,
          "cannot be the name of a file for modules: \""
              + name
              + "\"; use letters, digits and _ . + - and no dot first");
    }
  }

  private String metaData() {
    String metaData = settings.string("meta_data").orElse("{}");
    if (!Header.isObject(metaData)) {
      settings.problem("meta_data", "is no JSON object; write for example '{\"slot\": 2}'");
    }
    return metaData;
  }
}
