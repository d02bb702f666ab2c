package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.tls.TlsContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check-config}: what the configuration comes to, or everything that is wrong with it. */
@Command(
    name = "check-config",
    description = {
      "Shows the configuration in effect, every key with its value and where it was set, or every"
          + " problem with its file and line. Secrets are not shown."
    })
public final class CheckConfigCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Option(
      names = {"-q", "--quiet"},
      description = "Shows problems only.")
  private boolean quiet;

  @Option(
      names = "--support",
      paramLabel = "DIRECTORY",
      description =
          "Writes the files and what they come to into this directory instead, without comments"
              + " and without anything that may be secret.")
  private Optional<Path> support = Optional.empty();

  @Mixin private final CommonOptions common = new CommonOptions();

  public CheckConfigCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException {
    if (support.isPresent()) {
      share(support.get());
      return ExitCode.OK;
    }
    ConfigLoader.Reading reading = loader.read(common.config());
    warn(reading.config());
    if (quiet) {
      return ExitCode.OK;
    }
    common.out().print(reading.effective());
    common.out().flush();
    if (reading.config().children().isEmpty()) {
      common.err().println("No [[child]] is configured yet: nothing will be updated.");
      common.err().flush();
    }
    return ExitCode.OK;
  }

  /** Names what is left out, although the rest works. */
  private void warn(ConnectorConfig config) throws CommandException {
    Stream<Path> trust =
        Stream.of(config.mqtt().tls(), Optional.of(config.download().tls()))
            .flatMap(Optional::stream)
            .flatMap(tls -> tls.trust().stream());
    for (Path authorities : trust.distinct().toList()) {
      try {
        TlsContext.faults(authorities)
            .forEach(
                fault ->
                    common.err().println("Of the CA certificates, one is left out: " + fault));
      } catch (IOException e) {
        throw new CommandException(ExitCode.CONFIG, String.valueOf(e.getMessage()));
      }
    }
    common.err().flush();
  }

  /** Writes what strangers may see; what is wrong ends the command after that. */
  private void share(Path directory) throws CommandException {
    try {
      List<String> problems = loader.share(common.config(), directory);
      if (!problems.isEmpty()) {
        throw new CommandException(ExitCode.CONFIG, String.join("\n", problems));
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.SOFTWARE, "Nothing can be written to %s (%s).".formatted(directory, e));
    }
  }
}
