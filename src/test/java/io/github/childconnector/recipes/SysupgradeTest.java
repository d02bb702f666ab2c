package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real ssh, with OpenWrt's own ssh server (dropbear) and a fake sysupgrade behind it. */
@Timeout(300)
@IntegrationTest
class SysupgradeTest {
  private static final String SYSUPGRADE =
      """
      here='%s'
      echo "$*" >>"$here/calls"
      if [ "$1" = -T ]; then
        [ ! -e "$here/refuse" ] || { echo "Image check failed." >&2; exit 1; }
        exit 0
      fi
      mv "$here/new" "$here/release"
      echo "Commencing upgrade. Closing all shell sessions." >&2
      kill -9 "$PPID"
      """;

  /** dropbear takes a user's home and shell from this file alone; others do not see the change. */
  private static final String SERVER =
      """
      mount --bind '%1$s/passwd' /etc/passwd && mount --bind '%1$s/shells' /etc/shells &&
        exec dropbear -F -E -s -r '%1$s/host-key' -p 127.0.0.1:%2$d -P '%1$s/pid'
      """;

  @TempDir Path directory;
  private RecipeBench bench;
  private int port;

  @BeforeEach
  void setUp() throws Exception {
    for (String tool : List.of("ssh", "ssh-keygen", "dropbear", "dropbearkey", "unshare")) {
      RecipeBench.require(tool);
    }
    assumeTrue(RecipeRun.succeeds("unshare", "--mount", "true"), "this user may not mount");
    port = freePort();
    Files.writeString(directory.resolve("release"), "DISTRIB_RELEASE='24.10.0'\n");
    Files.writeString(directory.resolve("new"), "DISTRIB_RELEASE='24.10.1'\n");
    String user = account();
    bench =
        new RecipeBench("sysupgrade", directory)
            .with("DEVICE", user + "@127.0.0.1")
            .with("PORT", port)
            .with("KEY", directory.resolve("key"))
            .with("KNOWN_HOSTS", directory.resolve("known_hosts"))
            .with("PLACE", directory.resolve("firmware.img"))
            .with("OPTIONS", "-n")
            .with("VERSION_COMMAND", ". " + directory + "/release; echo \"$DISTRIB_RELEASE\"");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Makes keys, and an account whose commands are those of the device; its name. */
  private String account() throws Exception {
    Path home = Files.createDirectories(directory.resolve("home/.ssh")).getParent();
    RecipeRun.in(directory, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key");
    Files.copy(directory.resolve("key.pub"), home.resolve(".ssh/authorized_keys"));
    for (Path folder : List.of(home, home.resolve(".ssh"))) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    String said = RecipeRun.in(directory, "dropbearkey", "-t", "ed25519", "-f", "host-key");
    String key = said.lines().filter(line -> line.startsWith("ssh-ed25519")).toList().get(0);
    Files.writeString(directory.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + key + "\n");
    Path bin = Files.createDirectory(directory.resolve("device"));
    Tools.script(bin.resolve("sysupgrade"), SYSUPGRADE.formatted(directory));
    Path shell = directory.resolve("shell");
    Tools.script(shell, "PATH=" + bin + ":/usr/bin:/bin\nexport PATH\nexec /bin/sh \"$@\"");
    String user = RecipeRun.in(directory, "id", "-un").strip();
    String ids = RecipeRun.in(directory, "sh", "-c", "echo $(id -u):$(id -g)").strip();
    Files.writeString(
        directory.resolve("passwd"), user + ":x:" + ids + "::" + home + ":" + shell + "\n");
    Files.writeString(directory.resolve("shells"), shell + "\n");
    return user;
  }

  private Running router() throws Exception {
    String server = SERVER.formatted(directory, port);
    Running router = Running.start(Map.of(), List.of("unshare", "--mount", "sh", "-c", server));
    return router.until(this::isListening);
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void upgradesARouterThatClosesTheSession() throws Exception {
    byte[] image = Samples.bytes(300_000);
    try (Running router = router()) {
      assertThat(bench.version()).isEqualTo("24.10.0");
      bench.install("24.10.1", image);

      assertThat(bench.version()).isEqualTo("24.10.1");
      assertThat(router.errors()).contains("Pubkey auth succeeded");
    }
    String place = directory.resolve("firmware.img").toString();
    assertThat(directory.resolve("calls")).hasContent("-T " + place + "\n-n " + place);
    assertThat(DigestUtils.sha256Hex(Files.readAllBytes(directory.resolve("firmware.img"))))
        .isEqualTo(DigestUtils.sha256Hex(image));
    assertThat(bench.child().adapter().isRepeatable()).isFalse();
  }

  @Test
  void anImageThatTheRouterRefusesChangesNothing() throws Exception {
    Files.createFile(directory.resolve("refuse"));
    try (Running router = router()) {
      assertThat(bench.failure("24.10.1", Samples.bytes(10)))
          .contains("sysupgrade refuses the image: Image check failed.");
      assertThat(bench.version()).isEqualTo("24.10.0");
      assertThat(directory.resolve("firmware.img")).doesNotExist();
      assertThat(router.errors()).contains("Pubkey auth succeeded");
    }
  }

  @Test
  void waitsForARouterThatIsOff() throws Exception {
    assertThat(bench.busy("24.10.1", Samples.bytes(10)))
        .contains("is not reached: ", "Connection refused");
    assertThat(bench.versionFailure()).contains("Connection refused");
  }

  @Test
  void anotherHostKeyIsAFailure() throws Exception {
    Files.writeString(directory.resolve("known_hosts"), "");
    try (Running router = router()) {
      assertThat(bench.failure("24.10.1", Samples.bytes(10)))
          .contains("Host key verification failed");
      assertThat(router.errors()).doesNotContain("Pubkey auth succeeded");
    }
  }
}
