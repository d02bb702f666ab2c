package io.github.childconnector.cli;

import io.github.childconnector.clock.DurationText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options of every command: {@code --config FILE}, {@code --help}, and a place to write to. */
public final class CommonOptions {
  /** The configuration's path unless {@code --config} names another. */
  public static final String DEFAULT_CONFIG = "/etc/tedge-child-connector/connector.toml";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration (default: " + DEFAULT_CONFIG + ").")
  private Path config = Path.of(DEFAULT_CONFIG);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  CommonOptions() {}

  Path config() {
    return config;
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Reads a length of time such as {@code 30s} or {@code 1h}, which must not be zero. */
  static final class TimeReader implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .filter(length -> !length.isZero())
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not a length of time such as 30s, 5m or 1h30m"));
    }
  }
}
