package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigLoader.LoadedConfig;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import java.nio.file.Path;

/** The configuration as commands read it: what is wrong with it ends the command. */
public final class Configuration {
  private final ConfigLoader loader;

  /** Reads by this loader. */
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

  /** Reads the part of it that {@code request} needs. */
  public RequestCommand.Target target(Path file) throws CommandException {
    ConnectorConfig config = read(file).config();
    return new RequestCommand.Target(config.mqtt(), config.externalIds());
  }
}
