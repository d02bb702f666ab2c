package io.github.childconnector.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script that collects for support collects, and how it ends. */
@IntegrationTest
class DiagPluginTest {
  private DiagBench bench;

  @BeforeEach
  void setUp(@TempDir Path root) throws IOException {
    bench = new DiagBench(root);
  }

  @Test
  void collectsEveryPart() throws Exception {
    bench.file(
        "etc/tedge-child-connector/conf.d/plcs.toml",
        "[[child]]\nid = \"plc-1\"\nadapter = \"drogue\"\n");
    bench.file("var/lib/elsewhere/operations/a.json", "s3cret");

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isZero();
    assertThat(bench.collected())
        .containsEntry(
            "etc/connector.toml", "[storage]\nhistory = 7\ndirectory = \"/var/lib/elsewhere\"\n")
        .containsEntry("etc/conf.d/plcs.toml", "[[child]]\nid = \"plc-1\"\nadapter = \"drogue\"\n")
        .containsEntry("problems.txt", "")
        .containsEntry("service.txt", "status of the service\n")
        .containsEntry("service-properties.txt", "show of the service\n")
        .hasEntrySatisfying("effective.toml", it -> assertThat(it).contains("elsewhere\" # conn"))
        .hasEntrySatisfying(
            "versions.txt", it -> assertThat(it).contains("9.8.7 with -showversion"))
        .hasEntrySatisfying("status.json", it -> assertThat(it).contains("--all --json"))
        .hasEntrySatisfying("journal.log", it -> assertThat(it).contains("--lines 5000"))
        .hasEntrySatisfying("disk.txt", it -> assertThat(it).contains("Available"))
        .hasEntrySatisfying(
            "state.txt", it -> assertThat(it).contains("operations:", " 6 ", "a.json"))
        .hasEntrySatisfying("etc/files.txt", it -> assertThat(it).contains("plcs.toml"));
    bench.requireNoSecret(result);
  }

  @Test
  void onlyTheOwnerAndTheGroupMayReadIt() throws Exception {
    bench.collect();

    assertThat(List.of("etc/connector.toml", "effective.toml", "journal.log", "state.txt"))
        .map(name -> Files.getPosixFilePermissions(bench.output(name)))
        .map(PosixFilePermissions::toString)
        .containsOnly("rw-r-----");
  }

  @Test
  void aPartThatFailsDoesNotStopTheOthers() throws Exception {
    for (String name : List.of("systemctl", "journalctl", "tedge-child-connector")) {
      bench.program(name, "echo partly; exit 5");
    }
    Files.delete(bench.configuration(""));

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isZero();
    assertThat(result.said())
        .contains("connector.toml cannot be read\n", "journalctl --unit", " ended with 5\n");
    assertThat(bench.collected())
        .containsEntry("journal.log", "partly\n")
        .containsEntry("service.txt", "partly\n")
        .containsKeys("disk.txt", "state.txt", "versions.txt");
  }

  @Test
  void isNotApplicableWhereTheConnectorIsNotInstalled() throws Exception {
    bench.uninstall();

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.said()).isEqualTo("tedge-child-connector is not installed\n");
    assertThat(bench.collected()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--output-dir .",
        "collect",
        "collect --output-dir",
        "collect --output-dir /nowhere",
        "collect --output-dir . --config-dir",
        "collect --output-dir . --verbose",
        "collect --output-dir . more",
        "list"
      })
  void refusesWhatItDoesNotKnow(String line) throws Exception {
    DiagBench.Result result = bench.run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.said()).contains("Usage: ");
  }
}
