package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: the children and their operations, read from the state directory. */
@Command(
    name = "status",
    description = {
      "Shows each child with its operations under way and the last that ended. Reads what the"
          + " connector keeps in storage.directory; the connector need not run."
    })
public final class StatusCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(names = "--all", description = "Shows every operation that is remembered.")
  private boolean all;

  @Option(names = "--json", description = "Writes JSON, with every operation that is remembered.")
  private boolean json;

  public StatusCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException {
    ConnectorConfig config = loader.load(common.config());
    ChildrenOverview overview = new ChildrenOverview(config, contents(config.operations()));
    common.out().print(json ? overview.json() : overview.table(all));
    common.out().flush();
    return ExitCode.OK;
  }

  private static Journal.Contents contents(Path directory) throws CommandException {
    if (Files.notExists(directory)) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          directory + " is not there: the connector has not run yet with this storage.directory.");
    }
    try {
      return new Journal(directory, new LocalDisk(), InstantSource.system()).read();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "%s cannot be read (%s). Run this as root or as the connector's user."
              .formatted(
                  directory,
                  e instanceof AccessDeniedException ? "permission denied" : e.getMessage()));
    }
  }
}
