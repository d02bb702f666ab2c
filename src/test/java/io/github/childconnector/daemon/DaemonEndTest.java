package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.Main;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.world.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which code the daemon's process ends: what a service manager decides by. */
@NullMarked
@IntegrationTest
class DaemonEndTest {
  @TempDir Path directory;

  private Path config() throws IOException {
    Files.createFile(Files.createDirectory(directory.resolve("tedge")).resolve("tedge.toml"));
    String text =
        """
        [mqtt]
        port = 1
        [thin_edge]
        config_dir = "%s"
        [storage]
        directory = "%s"
        [[child]]
        id = "plc"
        adapter = "command"
        [child.command]
        install = ["true"]
        """
            .formatted(directory.resolve("tedge"), directory.resolve("state"));
    return Files.writeString(directory.resolve("connector.toml"), text);
  }

  @ParameterizedTest
  @CsvSource({
    "stop,  " + ExitCode.OK,
    "crash, " + ExitCode.SOFTWARE,
    "mute,  " + ExitCode.SOFTWARE,
  })
  void theCodeTellsWhatHappened(String what, int code) throws Exception {
    Program.Result result = Program.of(DaemonProbe.class).run(Map.of(), what, config().toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).contains("Stopped\n");
  }

  @Test
  void aDaemonThatCannotStartEndsWith69() throws Exception {
    Path config = config();
    Files.createFile(Files.createDirectory(directory.resolve("state")).resolve("operations"));

    Program.Result result =
        Program.of(Main.class).run(Map.of(), "run", "--config", config.toString());

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(result.err()).contains("The connector cannot start: ");
  }
}
