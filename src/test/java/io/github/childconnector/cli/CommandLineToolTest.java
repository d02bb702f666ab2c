package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.CommandLineTool.RunCommand;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.world.RecordingLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class CommandLineToolTest {
  private final List<Path> runs = new ArrayList<>();
  private final RecordingConsole console =
      new RecordingConsole(
          List.of(
              new RunCommand(this::run),
              new RequestCommand(
                  new ConfigLoader(List.of(), name -> Optional.empty()),
                  settings -> {
                    throw new AssertionError("no link is needed");
                  }),
              new RefusingCommand(),
              new BrokenCommand()));

  private int run(Path config) {
    runs.add(config);
    return ExitCode.UNAVAILABLE;
  }

  @Command(name = "refuse")
  private static final class RefusingCommand implements Callable<Integer> {
    @Override
    public Integer call() throws CommandException {
      throw new CommandException(ExitCode.CONFIG, "c:3:1: unknown key 'prot'\nand one more");
    }
  }

  @Command(name = "break")
  private static final class BrokenCommand implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("broken for the test");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void aProgramThatIsNoJarIsInDevelopment(String option) {
    assertThat(console.execute(option)).isEqualTo(0);
    assertThat(console.out()).isEqualTo("tedge-child-connector development\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void helpNamesEveryCommandAndExitCode(String option) {
    assertThat(console.execute(option)).isEqualTo(0);
    assertThat(console.out())
        .startsWith("Usage: tedge-child-connector [-hV] COMMAND\n")
        .contains("\n  run ", "\n  request ", "\n  0 ", "\n  64 ", "\n  69 ", "\n  70 ", "\n  78 ");
  }

  @Test
  void theHelpOfACommandNamesItsWordsAndOptions() {
    assertThat(console.execute("request", "--help")).isEqualTo(0);
    assertThat(console.out())
        .startsWith("Usage: tedge-child-connector request [-h]")
        .contains("CHILD", "FILE", "--name", "--version", "--sha256", "--address", "--timeout")
        .contains("--id", "/etc/tedge-child-connector/connector.toml");
  }

  @Test
  void runHasHelpThoughItIsSeldomReachedThisWay() {
    assertThat(console.execute("run", "--help")).isEqualTo(0);
    assertThat(console.out()).contains("--config=FILE", "TEDGE_CHILD_CONNECTOR_LOG");
    assertThat(runs).isEmpty();
  }

  @Test
  void runEndsAsTheDaemonDoes() {
    assertThat(console.execute("run", "--config", "a.toml")).isEqualTo(69);
    assertThat(runs).containsExactly(Path.of("a.toml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "            | Missing required subcommand                    | tedge-child-connector",
        "rum         | Did you mean: tedge-child-connector run?       | tedge-child-connector",
        "reqest a b  | Did you mean: tedge-child-connector request    | tedge-child-connector",
        "run --confg=x | Possible solutions: --config                 | tedge-child-connector run",
        "run x       | Unmatched argument at index 1: 'x'             | tedge-child-connector run",
        "run --config | Missing required parameter for option '--config' | tedge-child-connector run",
        "request a   | Missing required                               | tedge-child-connector request"
      })
  void whatMakesNoSenseEndsWith64AndAHint(String line, String sentence, String command) {
    String[] words = line == null ? new String[0] : line.split(" ");

    assertThat(console.execute(words)).isEqualTo(64);
    assertThat(console.err()).contains(sentence).endsWith("Try '" + command + " --help'.\n");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void aWordThatBeginsWithAnAtSignIsNoFileOfArguments() {
    assertThat(console.execute("run", "@/etc/hostname")).isEqualTo(64);
    assertThat(console.err()).contains("'@/etc/hostname'");
  }

  @Test
  void aCommandThatGivesUpSaysWhyAndWithWhichCode() {
    assertThat(console.execute("refuse")).isEqualTo(78);
    assertThat(console.err()).isEqualTo("c:3:1: unknown key 'prot'\nand one more\n");
  }

  @Test
  void aFaultOfTheProgramEndsWith70() {
    try (RecordingLog log = RecordingLog.of(CommandLineTool.class)) {
      assertThat(console.execute("break")).isEqualTo(70);

      assertThat(log.lines())
          .containsExactly(
              "SEVERE The command failed by a fault of the program; please report it with these"
                  + " lines: broken for the test");
    }
    assertThat(console.out()).isEmpty();
  }
}
