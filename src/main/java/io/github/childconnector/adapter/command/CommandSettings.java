package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.program.CommandLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A child's {@code [child.command]} table. A sample of it is in {@code examples/command}.
 *
 * @param install what puts an image on the device
 * @param readVersion what tells which version the device runs
 * @param rollback what restores the old firmware
 * @param workingDirectory where the programs are started; the connector's own if absent
 * @param environment variables for all three, never shown
 * @param repeatable whether an installation that was cut off may be done again
 * @param stopGrace time between TERM and KILL when a program is ended
 */
record CommandSettings(
    CommandLine install,
    Optional<CommandLine> readVersion,
    Optional<CommandLine> rollback,
    Optional<Path> workingDirectory,
    Map<String, String> environment,
    boolean repeatable,
    Duration stopGrace) {

  CommandSettings {
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return "command " + install.program() + ", environment " + environment.keySet();
  }
}
