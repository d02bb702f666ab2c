package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that boots from a file is updated by a request of thin-edge. */
@NullMarked
@IntegrationTest
final class FileDaemonTest {
  private static final String SERVING = "Serving 1 child";

  @TempDir Path directory;

  private Gateway gateway;
  private Path file;

  @BeforeEach
  void connect() throws IOException {
    gateway = new Gateway(directory);
    file = Files.createDirectory(directory.resolve("tftp")).resolve("plc.bin");
    Files.write(file, Gateway.image("1.0"));
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private String script(String name, String body) throws IOException {
    Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.toString();
  }

  /** A device that says which version it has booted, which {@code boot} lets it do. */
  private void child(String boot, String... keys) throws IOException {
    Path running = directory.resolve("running");
    Files.writeString(running, "1.0\n");
    String after = script("after.sh", "running='" + running + "' image=$1\n" + boot);
    String version = script("version.sh", "cat '" + running + "'");
    gateway.children(
        """
        [[child]]
        id = "panel-file"
        adapter = "file"
        confirm_timeout = "2s"
        [child.file]
        path = "%s"
        after = ["%s", "{image}"]
        read_version = ["%s"]
        %s
        """
            .formatted(file, after, version, String.join("\n", keys)));
  }

  /** What a device does that boots from the file: the image begins with "firmware VERSION". */
  private static final String BOOTS = "head -c 12 \"$image\" | cut -d' ' -f2 >\"$running\"";

  @Test
  void theDeviceBootsTheNewFile() throws Exception {
    child(BOOTS);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel-file", "put-op", "2.0");
      assertThat(gateway.awaitEnd("panel-file", "put-op").get(1)).contains("successful");
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
    assertThat(file).hasBinaryContent(Gateway.image("2.0"));
    assertThat(file.resolveSibling("plc.bin.previous")).hasBinaryContent(Gateway.image("1.0"));
  }

  @Test
  void aBadImageIsTakenBack() throws Exception {
    child("true");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel-file", "put-op", "2.0");
      assertThat(gateway.awaitEnd("panel-file", "put-op").get(1))
          .contains("failed", "not-confirmed: ", "1.0");
    }
    assertThat(file).hasBinaryContent(Gateway.image("1.0"));
  }

  @Test
  void killedInTheProgramAfterwardsItIsDoneAgain() throws Exception {
    Path once = directory.resolve("once");
    child("[ -e '" + once + "' ] || { touch '" + once + "'; exec sleep 600; }\n" + BOOTS);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel-file", "put-op", "2.0");
      await().until(() -> Files.exists(once));
      gateway.awaitStatus("panel-file");
      daemon.kill();
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("panel-file", "put-op").get(1)).contains("successful");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(file.resolveSibling("plc.bin.previous")).hasBinaryContent(Gateway.image("1.0"));
  }

  @Test
  void aDirectoryThatIsMissingIsToldWithTheRemedy() throws Exception {
    child(BOOTS);
    Files.delete(file);
    Files.delete(file.getParent());
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel-file", "put-op", "2.0");
      assertThat(gateway.awaitEnd("panel-file", "put-op").get(1))
          .contains("install-failed: The file " + file, "create its directory", "ReadWritePaths=")
          .contains("The device was not touched and keeps its old firmware.");
    }
  }

  @Test
  void aStickThatIsNotPluggedInIsWaitedFor() throws Exception {
    child(BOOTS, "mount_point = \"" + file.getParent() + "\"");
    gateway.set("updates", "busy_retry", "\"1s\"").set("updates", "busy_timeout", "\"1s\"");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("panel-file", "put-op", "2.0");
      assertThat(gateway.awaitEnd("panel-file", "put-op").get(1))
          .contains("device-busy: ", "nothing is mounted at " + file.getParent());
    }
    assertThat(file).hasBinaryContent(Gateway.image("1.0"));
  }

  @Test
  void problemsOfTheTableAreAllTold() throws Exception {
    gateway.children(
        """
        [[child]]
        id = "panel-file"
        adapter = "file"
        [child.file]
        path = "relative/plc.bin"
        mount_point = "/media/stick"
        after = ["/bin/true", "{port}"]
        """);
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.CONFIG);
      assertThat(daemon.log()).contains("file.path", "file.mount_point", "file.after");
    }
  }
}
