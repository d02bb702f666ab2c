package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.program.CommandLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
 * @param readVersion what tells which version the device runs
 * @param environment variables for the programs, never shown
 * @param stopGrace time between TERM and KILL when a program is ended
 */
record ModuleSettings(
    Path program,
    Path directory,
    String payloadType,
    String deviceType,
    String fileName,
    Map<String, String> files,
    String metaData,
    Optional<CommandLine> readVersion,
    Map<String, String> environment,
    Duration stopGrace) {

  ModuleSettings {
    files = Map.copyOf(files);
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return "module " + program + ", environment " + environment.keySet();
  }
}
