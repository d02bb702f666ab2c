package io.github.childconnector.cli;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.config.ConfigurationException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of the operator: {@code tedge-child-connector COMMAND …}. Whatever happens ends
 * in one of {@link ExitCode}, with a sentence on standard error if it is not {@link ExitCode#OK}.
 */
@Command(
    name = CommandLineTool.NAME,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Carries firmware from thin-edge.io to devices that cannot run thin-edge.",
    commandListHeading = "%nCommands (each with its own --help):%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCode.OK + ":done",
      ExitCode.USAGE + ":the command line is wrong",
      ExitCode.UNAVAILABLE + ":something could not be reached or did not answer in time",
      ExitCode.SOFTWARE + ":the work failed",
      ExitCode.CONFIG + ":the configuration is wrong"
    })
public final class CommandLineTool {
  static final String NAME = "tedge-child-connector";

  /** The command that prints what bash completes, for the package. */
  private static final String COMPLETION = "generate-completion";

  private final CommandLine line = new CommandLine(this);

  /** Offers these commands, each a class with picocli's {@link Command}. */
  public CommandLineTool(List<? extends Callable<Integer>> commands) {
    commands.forEach(line::addSubcommand);
    CommandLine completion = new CommandLine(new GenerateCompletion());
    completion.getCommandSpec().usageMessage().hidden(true);
    line.addSubcommand(COMPLETION, completion);
    line.getCommandSpec().version(NAME + " " + version());
    line.registerConverter(Duration.class, CommandLineTool::time);
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(CommandLineTool::refuse);
    line.setExecutionExceptionHandler(CommandLineTool::giveUp);
  }

  private static String version() {
    // Absent where the classes do not come from the jar, whose manifest has it.
    return Optional.ofNullable(CommandLineTool.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Reads a length of time such as {@code 30s} or {@code 1h}, which must not be zero. */
  private static Duration time(String text) {
    return DurationText.parse(text)
        .filter(length -> !length.isZero())
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is not a length of time such as 30s, 5m or 1h30m"));
  }

  /** Writes to these instead of to standard output and standard error. */
  CommandLineTool writingTo(PrintWriter out, PrintWriter err) {
    line.setOut(out);
    line.setErr(err);
    return this;
  }

  public int execute(String... arguments) {
    return line.execute(arguments);
  }

  private static int refuse(ParameterException misuse, String... arguments) {
    CommandLine command = misuse.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(misuse.getMessage());
    UnmatchedArgumentException.printSuggestions(misuse, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int giveUp(Exception thrown, CommandLine command, ParseResult parsed) {
    if (thrown instanceof CommandException || thrown instanceof ConfigurationException) {
      command.getErr().println(thrown.getMessage());
      command.getErr().flush();
      return thrown instanceof CommandException reason ? reason.exitCode() : ExitCode.CONFIG;
    }
    System.getLogger(CommandLineTool.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "The command failed by a fault of the program; please report it with these lines",
            thrown);
    return ExitCode.SOFTWARE;
  }

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
  public static final class RunCommand implements Callable<Integer> {
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
}
