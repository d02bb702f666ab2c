package io.github.childconnector.cli;

import static io.github.childconnector.cli.OperatorFiles.child;
import static io.github.childconnector.operation.Stage.CHECKING;
import static io.github.childconnector.operation.Stage.CONFIRMING;
import static io.github.childconnector.operation.Stage.FAILED;
import static io.github.childconnector.operation.Stage.FETCHING;
import static io.github.childconnector.operation.Stage.INSTALLING;
import static io.github.childconnector.operation.Stage.READY;
import static io.github.childconnector.operation.Stage.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.OperatorFiles.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCommandTest {
  @TempDir private Path directory = Path.of("");
  private OperatorFiles files = new OperatorFiles(directory);

  @BeforeEach
  void configure() throws IOException {
    files = new OperatorFiles(directory);
    files.configure(child("plc-1", "external_id = \"gw:device:plc-1\""), child("meter"));
  }

  /** Two ended operations and one under way. */
  private void recordSome() throws IOException {
    files.open();
    files.markReported(files.record("plc-1", "op-1", CHECKING, SUCCESSFUL));
    files.record("plc-1", "op-2", FAILED);
    files.record("plc-1", "op-3", CHECKING, FETCHING);
  }

  @Test
  void theTableShowsWhatIsUnderWayAndWhatEndedLast() throws IOException {
    recordSome();

    Result result = files.run("status");

    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out())
        .isEqualTo(
            """
            CHILD  STAGE                      FIRMWARE       SINCE                 OPERATION  REASON
            plc-1  failed (not reported yet)  OpenWRT 22.03  2026-11-20T15:04:06Z  op-2       disk-full: No room is left.
            plc-1  fetching                   OpenWRT 22.03  2026-11-20T15:04:07Z  op-3
            meter  -
            """);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void allShowsEveryOperation() throws IOException {
    recordSome();

    assertThat(files.run("status", "--all").out())
        .isEqualTo(
            """
            CHILD  STAGE                      FIRMWARE       SINCE                 OPERATION  REASON
            plc-1  successful                 OpenWRT 22.03  2026-11-20T15:04:07Z  op-1       not flashed: it runs 22.03 already
            plc-1  failed (not reported yet)  OpenWRT 22.03  2026-11-20T15:04:06Z  op-2       disk-full: No room is left.
            plc-1  fetching                   OpenWRT 22.03  2026-11-20T15:04:07Z  op-3
            meter  -
            """);
  }

  @Test
  void jsonHasEveryOperationWithAllItsFields() throws IOException {
    recordSome();

    Result result = files.run("status", "--json");

    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out())
        .isEqualTo(
            """
            {
              "children": [
                {
                  "id": "plc-1",
                  "external_id": "gw:device:plc-1",
                  "configured": true,
                  "operations": [
                    {
                      "id": "op-1",
                      "stage": "successful",
                      "status": "successful",
                      "reported": true,
                      "name": "OpenWRT",
                      "version": "22.03",
                      "since": "2026-11-20T15:04:07.678Z",
                      "reason": "not flashed: it runs 22.03 already"
                    },
                    {
                      "id": "op-2",
                      "stage": "failed",
                      "status": "failed",
                      "reported": false,
                      "name": "OpenWRT",
                      "version": "22.03",
                      "since": "2026-11-20T15:04:06.678Z",
                      "reason": "disk-full: No room is left."
                    },
                    {
                      "id": "op-3",
                      "stage": "fetching",
                      "status": "executing",
                      "reported": false,
                      "name": "OpenWRT",
                      "version": "22.03",
                      "since": "2026-11-20T15:04:07.678Z"
                    }
                  ]
                },
                {
                  "id": "meter",
                  "external_id": "meter",
                  "configured": true,
                  "operations": []
                }
              ],
              "damaged": []
            }
            """);
  }

  /** Before its first start over a journal of an earlier version. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "status --all", "status --json"})
  void whatAnEarlierVersionLeftIsShownAsIfItWerePutAway(String line) throws IOException {
    recordSome();
    files.markReported(files.record("plc-1", "op-4", CHECKING, SUCCESSFUL));
    files.markReported(files.record("meter", "op-5", CHECKING, SUCCESSFUL));
    files.markReported(files.record("old", "op-6", CHECKING, SUCCESSFUL));
    files.markReported(files.record("meter", "op-7", FAILED));
    String putAway = files.run(line.split(" ")).out();

    files.layFlat();

    assertThat(files.run(line.split(" ")).out())
        .isEqualTo(putAway)
        .contains("op-4", "op-6", "op-7");
  }

  @Test
  void aChildThatIsNotConfiguredAnyMoreIsShownWithWhatItHad() throws IOException {
    files.open();
    files.record("old", "op-9", CHECKING, FETCHING, READY, INSTALLING, CONFIRMING);

    assertThat(files.run("status").out())
        .endsWith(
            """
            meter  -
            old    confirming  OpenWRT 22.03  2026-11-20T15:04:10Z  op-9
            """);
    assertThat(files.run("status", "--json").out())
        .contains(
            """
                  "id": "old",
                  "external_id": "old",
                  "configured": false,
            """);
  }

  @Test
  void anInterruptedInstallationThatIsBeingConfirmedHasNotFailedYet() throws IOException {
    files.open();
    files.record("meter", "op-7", CHECKING, FETCHING, READY, INSTALLING, CONFIRMING);
    files.cutOff("meter", "op-8");

    assertThat(files.run("status").out())
        .endsWith(
            """
            meter  confirming  OpenWRT 22.03  2026-11-20T15:04:10Z  op-7
            meter  confirming  OpenWRT 22.03  2026-11-20T15:04:14Z  op-8       fails unless confirmed: \
            interrupted: It stopped.
            """);
  }

  @Test
  void aDamagedFileIsNamedAndHidesNothing() throws IOException {
    recordSome();
    Files.writeString(files.operations().resolve("op-4.0123456789abcdef.json"), "{");

    assertThat(files.run("status").out())
        .contains("op-3")
        .endsWith("\nThe journal file op-4.0123456789abcdef.json cannot be read.\n");
    assertThat(files.run("status", "--json").out())
        .contains("op-3")
        .endsWith(
            """
              "damaged": [
                "op-4.0123456789abcdef.json"
              ]
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--all", "--json"})
  void beforeTheFirstRunThereIsNothingToShow(String option) {
    Result result = files.run("status", option);

    assertThat(result.exitCode()).isEqualTo(69);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "$DIR/state/operations is not there: the connector has not run yet with this"
                + " storage.directory.\n");
  }

  @Test
  void aStateDirectoryThatCannotBeReadIsNoEmptyOne() throws IOException {
    Files.createDirectories(files.operations().resolveSibling(""));
    Files.writeString(files.operations(), "a file");

    Result result = files.run("status");

    assertThat(result.exitCode()).isEqualTo(69);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("$DIR/state/operations cannot be read (")
        .endsWith("). Run this as root or as the connector's user.\n");
  }

  @Test
  void aStatusWritesNothing() throws IOException {
    files.open();
    Files.writeString(files.operations().resolve("op-4.json.tmp"), "{");
    Files.writeString(files.operations().resolve("op-5.0123456789abcdef.json"), "{");

    files.run("status");

    try (var left = Files.list(files.operations())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("op-4.json.tmp", "op-5.0123456789abcdef.json");
    }
  }

  @Test
  void problemsOfTheConfigurationAreAllShown() throws IOException {
    files.configure("[mqtt]", "prot = 1", "port = 0");

    Result result = files.run("status");

    assertThat(result.exitCode()).isEqualTo(78);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .containsExactly(
            "connector.toml:3: mqtt.prot: unknown key; did you mean \"port\"?",
            "connector.toml:4: mqtt.port: must be a number from 1 to 65535, not the number 0");
  }
}
