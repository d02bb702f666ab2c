package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.world.BuiltJar;
import io.github.childconnector.world.Program;
import io.github.childconnector.world.RecordingLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  private final List<String> calls = new ArrayList<>();
  private final Main main =
      new Main(
          config -> {
            calls.add("daemon " + config);
            return ExitCode.UNAVAILABLE;
          },
          words -> {
            calls.add("picocli " + String.join(" ", words));
            return ExitCode.USAGE;
          });

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ");
  }

  @ParameterizedTest
  @CsvSource({
    "run,                     /etc/tedge-child-connector/connector.toml",
    "run --config a.toml,     a.toml",
    "run --config=/b/a.toml,  /b/a.toml",
    "run --config=a=b.toml,   a=b.toml"
  })
  void theDaemonRunsWithoutPicocli(String line, String config) {
    assertThat(main.execute(words(line))).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(calls).containsExactly("daemon " + config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run --help",
        "run --config",
        "run --config=",
        "run --config --help",
        "run --config --config=a",
        "run --conf a.toml",
        "run a.toml",
        "run --config a.toml b.toml",
        "run --config=a.toml --config=b.toml",
        "Run",
        "status",
        "--version",
        "request --config run"
      })
  void everythingElseIsPicoclis(String line) {
    assertThat(main.execute(words(line))).isEqualTo(ExitCode.USAGE);
    assertThat(calls).containsExactly("picocli " + line);
  }

  @Test
  void whatTheDaemonDoesNotCatchEndsWith70() {
    Main broken =
        new Main(
            config -> {
              throw new IllegalStateException("broken for the test");
            },
            words -> {
              throw new AssertionError("broken for the test");
            });

    try (RecordingLog log = RecordingLog.of(Main.class)) {
      assertThat(broken.execute("run")).isEqualTo(70);
      assertThat(broken.execute("status")).isEqualTo(70);

      assertThat(log.lines())
          .hasSize(2)
          .allMatch(line -> line.startsWith("SEVERE Stopped by an unexpected error in thread "))
          .allMatch(line -> line.endsWith(": broken for the test"));
    }
  }

  @Test
  @IntegrationTest
  void whatAThreadDoesNotCatchEndsTheProgramWith70() throws Exception {
    Program.Result result = Program.of(CrashProbe.class).run(Map.of("JOURNAL_STREAM", "8:1"));

    assertThat(result.exitCode()).isEqualTo(70);
    assertThat(result.err())
        .startsWith(
            """
            <3>Stopped by an unexpected error in thread worker; please report it with these lines
            <3>java.lang.IllegalStateException: boom
            <3>    at io.github.childconnector.CrashProbe.crash(\
            """);
  }

  @Test
  @IntegrationTest
  void theJarKnowsItsVersion() throws Exception {
    Program.Result result = Program.jar(BuiltJar.path()).run(Map.of(), "--version");

    assertThat(result.out()).matches("tedge-child-connector \\d+\\.\\d+\\.\\d+\\R");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  @IntegrationTest
  void theJarWithoutWordsSaysWhatIsMissing() throws Exception {
    Program.Result result = Program.jar(BuiltJar.path()).run(Map.of());

    assertThat(result.exitCode()).isEqualTo(64);
    assertThat(result.err())
        .isEqualTo("Missing required subcommand\nTry 'tedge-child-connector --help'.\n");
  }
}
