package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.log.Printable;
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
    Path directory = config.operations();
    if (Files.notExists(directory)) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          directory + " is not there: the connector has not run yet with this storage.directory.");
    }
    try {
      show(config, new Journal(directory, new LocalDisk(), InstantSource.system()));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "%s cannot be read (%s). Run this as root or as the connector's user."
              .formatted(
                  directory,
                  e instanceof AccessDeniedException ? "permission denied" : e.getMessage()));
    }
    return ExitCode.OK;
  }

  private void show(ConnectorConfig config, Journal journal) throws IOException {
    ChildrenOverview overview = new ChildrenOverview(config, journal, all || json);
    if (json) {
      overview.writeJson(common.out());
    } else {
      overview.writeTable(common.out());
    }
    common.out().flush();
  }

  /**
   * Rows of texts in columns as wide as their widest text, of which none is kept. Texts come from
   * devices and requesters: picocli's table takes {@code @|bold …|@} in them for markup, takes a
   * character of two units for two, and wants to be told how wide its columns are.
   */
  static final class TextTable {
    private static final String GAP = "  ";

    private final int[] widths;

    /** A table of this number of columns. */
    TextTable(int columns) {
      widths = new int[columns];
    }

    /** Widens the columns for a row, which may be shorter than others. */
    void measure(String... cells) {
      for (int column = 0; column < cells.length; column++) {
        widths[column] = Math.max(widths[column], length(Printable.line(cells[column])));
      }
    }

    /** The line of a row, with its end; to be asked for when all have been measured. */
    String line(String... cells) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < cells.length; column++) {
        String cell = Printable.line(cells[column]);
        int missing = Math.max(0, widths[column] - length(cell));
        line.append(cell).append(" ".repeat(missing)).append(GAP);
      }
      return line.toString().stripTrailing() + "\n";
    }

    private static int length(String text) {
      return text.codePointCount(0, text.length());
    }
  }
}
