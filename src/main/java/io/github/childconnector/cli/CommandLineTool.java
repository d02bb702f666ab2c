package io.github.childconnector.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of the operator: {@code tedge-child-connector COMMAND …}. Whatever happens ends
 * in one of {@link ExitCode}, with a sentence on standard error if it is not {@link ExitCode#OK}.
 */
public final class CommandLineTool {
  private static final String NAME = "tedge-child-connector";

  /** The command that prints what bash completes, for the package. */
  private static final String COMPLETION = "generate-completion";

  private final CommandLine line = new CommandLine(new Top());

  /** Offers these commands, each a class with picocli's {@link Command}. */
  public CommandLineTool(List<? extends Callable<Integer>> commands) {
    commands.forEach(line::addSubcommand);
    CommandLine completion = new CommandLine(new GenerateCompletion());
    completion.getCommandSpec().usageMessage().hidden(true);
    line.addSubcommand(COMPLETION, completion);
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(CommandLineTool::refuse);
    line.setExecutionExceptionHandler(CommandLineTool::giveUp);
  }

  /** Writes to these instead of to standard output and standard error. */
  CommandLineTool writingTo(PrintWriter out, PrintWriter err) {
    line.setOut(out);
    line.setErr(err);
    return this;
  }

  /** Runs one command line and returns its exit code. */
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
    if (thrown instanceof CommandException reason) {
      command.getErr().println(reason.getMessage());
      command.getErr().flush();
      return reason.exitCode();
    }
    System.getLogger(CommandLineTool.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "The command failed by a fault of the program; please report it with these lines",
            thrown);
    return ExitCode.SOFTWARE;
  }

  @Command(
      name = NAME,
      versionProvider = Version.class,
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
  private static final class Top {}

  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      // Absent where the classes do not come from the jar, whose manifest has it.
      String version = CommandLineTool.class.getPackage().getImplementationVersion();
      return new String[] {NAME + " " + Optional.ofNullable(version).orElse("development")};
    }
  }
}
