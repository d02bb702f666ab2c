package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigLoader.LoadedConfig;
import io.github.childconnector.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The configuration as commands read it: what is wrong with it ends the command. */
public final class Configuration {
  private final ConfigLoader loader;

  public Configuration(ConfigLoader loader) {
    this.loader = loader;
  }

  /**
   * Reads a configuration file and what belongs to it.
   *
   * @throws CommandException with every problem, a line each, and {@link ExitCode#CONFIG}
   */
  LoadedConfig read(Path file) throws CommandException {
    try {
      return loader.load(file);
    } catch (ConfigurationException e) {
      throw new CommandException(ExitCode.CONFIG, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes the configuration as strangers may see it; what is wrong ends the command after that.
   */
  void share(Path file, Path directory) throws CommandException {
    try {
      List<String> problems = loader.share(file, directory);
      if (!problems.isEmpty()) {
        throw new CommandException(ExitCode.CONFIG, String.join("\n", problems));
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.SOFTWARE, "Nothing can be written to %s (%s).".formatted(directory, e));
    }
  }
}
