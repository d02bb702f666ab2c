package io.github.childconnector.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code run}: the daemon. Here for its help; {@code Main} starts the daemon without this class.
 */
@Command(
    name = "run",
    description = {
      "Carries firmware updates from thin-edge.io to the configured children until it is stopped.",
      "",
      "Logs to standard error; TEDGE_CHILD_CONNECTOR_LOG=error|warning|info|debug in the environment"
          + " says how much."
    })
public final class RunCommand implements Callable<Integer> {
  private final ToIntFunction<Path> daemon;

  @Mixin private final CommonOptions common = new CommonOptions();

  /** Runs {@code daemon} with the configuration's path, and ends with what it returns. */
  public RunCommand(ToIntFunction<Path> daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() {
    return daemon.applyAsInt(common.config());
  }
}
