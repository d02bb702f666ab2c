package io.github.childconnector.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.childconnector.operation.ChildId;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command: {@code --config FILE}, {@code --help}, and a place to write to. */
public final class CommonOptions {
  /** The configuration's path unless {@code --config} names another. */
  public static final String DEFAULT_CONFIG = "/etc/tedge-child-connector/connector.toml";

  /** Writes what a command shows by {@code --json}. */
  static final Gson JSON = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

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

  /** A complaint about the command line, which ends with {@link ExitCode#USAGE}. */
  static ParameterException misuse(CommandSpec command, String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }

  /** Reads the word CHILD of a command line. */
  static ChildId child(CommandSpec command, String word) {
    if (!ChildId.isValid(word)) {
      throw misuse(
          command, "CHILD has 1 to 128 characters and none of / + # or control characters");
    }
    return new ChildId(word);
  }

  /** Whether it is the configuration that the service reads. */
  boolean isOfTheService() {
    return config.toAbsolutePath().equals(Path.of(DEFAULT_CONFIG));
  }

  /** Refuses a configuration that is kept from the person who asks, but from nobody else. */
  void requireReadable() throws CommandException {
    boolean isHidden = !Files.isReadable(config) && !Files.notExists(config);
    if (isHidden && ServiceUnit.isByHand() && !ServiceUnit.isRoot()) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "%s may not be read by the user %s: run it with sudo."
              .formatted(config, System.getProperty("user.name", "who runs this")));
    }
  }

  Path config() {
    return config;
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }
}
