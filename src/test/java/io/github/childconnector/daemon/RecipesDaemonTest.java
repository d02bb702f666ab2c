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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole daemon with a recipe: that for dfu-util, whose fake device is a fake dfu-util. No other
 * test has a child of this name.
 */
@IntegrationTest
class RecipesDaemonTest {
  /**
   * Shows the version in {@code list}, hangs once or fails while the file of that name is there.
   */
  private static final String TOOL =
      """
      #!/bin/sh
      here='%s'
      case $* in
        *-l*)
          echo "Found Runtime: [1209:0001] ver=$(cat "$here/version"), devnum=9, cfg=1, intf=0," \\
            'path="1-1", alt=0, name="fw", serial="1"' ;;
        *)
          if [ -e "$here/hang" ]; then rm "$here/hang"; exec sleep 600; fi
          if [ -e "$here/fail" ]; then echo "Error during download get_status" >&2; exit 74; fi
          echo 0200 >"$here/version"
          echo "Download done." ;;
      esac
      """;

  private static final String SERVING = "Serving 1 child";
  private static final String EXECUTING = "{\"id\":\"op\",\"status\":\"executing\"}";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;
  private Gateway gateway;

  @BeforeEach
  void open() throws IOException {
    Path tool = directory.resolve("dfu-util");
    Files.writeString(tool, TOOL.formatted(directory));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    // The image of this test has no suffix.
    Files.writeString(directory.resolve("dfu-suffix"), "#!/bin/sh\nexit 65\n");
    Files.setPosixFilePermissions(
        directory.resolve("dfu-suffix"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(directory.resolve("version"), "0100\n");
    gateway = new Gateway(directory);
    Path recipe = Path.of("examples/recipes/dfu-util").toAbsolutePath();
    String table = Files.readString(recipe.resolve("connector.toml"));
    gateway.children(
        table.replace("/opt/dfu-util/", recipe + "/").replace("\"1m\"", "\"2s\"")
            + "  PATH = '"
            + directory
            + ":/usr/bin:/bin'\n");
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private void mark(String name) throws IOException {
    Files.createFile(directory.resolve(name));
  }

  @Test
  void anUpdateIsSuccessfulWhenTheDeviceShowsTheVersion() throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("usb-device", "op", "2.00");

      assertThat(gateway.awaitEnd("usb-device", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void aFailureIsToldWithItsReason() throws Exception {
    mark("fail");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("usb-device", "op", "2.00");

      assertThat(gateway.awaitEnd("usb-device", "op").get(1))
          .contains("install-failed: ", "Error during download get_status");
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void anInstallationThatWasCutOffIsDoneAgain() throws Exception {
    mark("hang");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("usb-device", "op", "2.00");
      await().until(() -> Files.notExists(directory.resolve("hang")));
      gateway.awaitStatus("usb-device");
      daemon.kill();
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("usb-device", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
  }
}
