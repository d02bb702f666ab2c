package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole daemon with a device that is flashed by an update module. No other test has a child of
 * this name: what a killed daemon left at work is known by it, on the whole machine.
 */
@IntegrationTest
class ModuleDaemonTest {
  /** Fails in the state that the file {@code fail} names, hangs once in that of {@code hang}. */
  private static final String MODULE =
      """
      #!/bin/sh
      here='%s'
      echo "$1" >>"$here/states"
      is() { [ "$(cat "$here/$1" 2>/dev/null)" = "$2" ]; }
      if is hang "$1"; then
        rm "$here/hang"
        while [ -e "$here/version" ]; do sleep 0.05; done
      fi
      if is fail "$1"; then echo "the flash is worn out" >&2; exit 1; fi
      case $1 in
        SupportsRollback) echo Yes ;;
        ArtifactInstall)
          cp "$here/version" tmp/version
          cp files/firmware.bin "$here/image"
          echo "$FIRMWARE_VERSION" >"$here/version" ;;
        ArtifactRollback) [ ! -e tmp/version ] || cp tmp/version "$here/version" ;;
      esac
      exit 0
      """;

  private static final String SERVING = "Serving 1 child";
  private static final String EXECUTING = "{\"id\":\"op\",\"status\":\"executing\"}";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;
  private Gateway gateway;
  private Path device;

  @BeforeEach
  void open() throws IOException {
    device = Files.createDirectory(directory.resolve("device"));
    write("version", "1.0\n");
    write("module", MODULE.formatted(device));
    Files.setPosixFilePermissions(
        device.resolve("module"), PosixFilePermissions.fromString("rwxr-xr-x"));
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(device.resolve(file), text);
  }

  private void child(String... lines) {
    String table =
        """
        [[child]]
        id = "panel"
        adapter = "module"
        confirm_timeout = "2s"
        [child.module]
        program = "%s/module"
        directory = "%s/modules"
        """
            .formatted(device, gateway.storage());
    gateway.children(table + String.join("\n", lines) + "\n");
  }

  private String readsVersion() {
    return "read_version = [\"cat\", \"" + device + "/version\"]";
  }

  private List<String> states() throws IOException {
    return Files.readAllLines(device.resolve("states"));
  }

  private void requireNoFileTree() throws IOException {
    try (Stream<Path> files = Files.walk(gateway.storage().resolve("modules"))) {
      assertThat(files.filter(file -> file.endsWith("tree"))).isEmpty();
    }
  }

  @Test
  void anUpdateIsCommittedWhenTheDeviceRunsIt() throws Exception {
    child(readsVersion());
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel", "op", "2.0");

      assertThat(gateway.awaitEnd("panel", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states())
        .containsExactly(
            "ProvidePayloadFileSizes",
            "Download",
            "SupportsRollback",
            "ArtifactInstall",
            "NeedsArtifactReboot",
            "ArtifactCommit",
            "Cleanup");
    assertThat(Files.readAllBytes(device.resolve("image"))).isEqualTo(Gateway.image("2.0"));
    requireNoFileTree();
  }

  @Test
  void withoutAVersionTheModuleIsBelieved() throws Exception {
    child();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel", "op", "2.0");

      assertThat(gateway.awaitEnd("panel", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states()).endsWith("ArtifactCommit", "Cleanup");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ArtifactInstall", "ArtifactCommit"})
  void aFailureIsRolledBackAndToldWithItsReason(String state) throws Exception {
    child(readsVersion());
    write("fail", state);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel", "op", "2.0");

      assertThat(gateway.awaitEnd("panel", "op").get(1))
          .contains("install-failed: ", "the flash is worn out", "The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states())
        .endsWith(state, "NeedsArtifactReboot", "ArtifactRollback", "ArtifactFailure", "Cleanup");
    requireNoFileTree();
  }

  @Test
  void killedWhileInstallingItGoesBackAndCleansUp() throws Exception {
    child(readsVersion());
    killIn("ArtifactInstall");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("panel", "op").get(1))
          .contains("interrupted: ", "The old firmware was restored. The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states())
        .containsOnlyOnce("ArtifactInstall")
        .doesNotContain("ArtifactCommit")
        .endsWith("ArtifactRollback", "ArtifactFailure", "Cleanup");
    requireNoFileTree();
  }

  @Test
  void killedInTheDownloadItOnlyCleansUp() throws Exception {
    child(readsVersion());
    killIn("Download");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("panel", "op").get(1)).contains("interrupted: ", "runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states()).containsExactly("ProvidePayloadFileSizes", "Download", "Cleanup");
    requireNoFileTree();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void killedWhileCommittingItCommitsAgain(boolean reads) throws Exception {
    child(reads ? readsVersion() : "");
    killIn("ArtifactCommit");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("panel", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states())
        .containsOnlyOnce("ArtifactInstall")
        .endsWith("ArtifactCommit", "ArtifactCommit", "Cleanup");
    requireNoFileTree();
  }

  @Test
  void killedWhileRollingBackItCleansUp() throws Exception {
    child(readsVersion());
    write("fail", "ArtifactInstall");
    killIn("ArtifactRollback");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("panel", "op").get(1))
          .contains(
              "install-failed: ", "The connector stopped while the old firmware was restored");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(states()).endsWith("ArtifactRollback", "ArtifactFailure", "Cleanup");
    requireNoFileTree();
  }

  /** Starts an update and kills the daemon while the module hangs in a state. */
  private void killIn(String state) throws Exception {
    write("hang", state);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel", "op", "2.0");
      await().until(() -> Files.notExists(device.resolve("hang")));
      gateway.awaitStatus("panel");
      daemon.kill();
    }
  }
}
