package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's swupdate-client with Debian's daemon; what it installs is a file. */
@Timeout(300)
@IntegrationTest
class SwupdateTest {
  private static final String DESCRIPTION =
      """
      software = {
        version = "2.0";
        hardware-compatibility: [ "1.0" ];
        files: ( { filename = "app.img"; path = "%s"; sha256 = "%s"; } );
      }
      """;

  @TempDir Path directory;
  private RecipeBench bench;
  private Path sockets;

  @BeforeEach
  void setUp() throws Exception {
    for (String tool : List.of("swupdate", "swupdate-client", "cpio", "openssl")) {
      RecipeBench.require(tool);
    }
    sockets = Files.createDirectory(directory.resolve("sockets"));
    bench =
        new RecipeBench("swupdate", directory)
            .with("SOCKETS", sockets)
            .with("LOCK", directory.resolve("lock"))
            .with("VERSIONS", directory.resolve("sw-versions"));
    Files.writeString(directory.resolve("sw-versions"), "boot 1.0\nrootfs 2.0\n");
    run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=test"
            + " -days 30 -addext extendedKeyUsage=emailProtection");
  }

  private void run(String command) throws Exception {
    RecipeRun.in(directory, command.split(" "));
  }

  /** A signed image whose one file goes to that place. */
  private byte[] image(Path place) throws Exception {
    byte[] app = Samples.bytes(500_000);
    Files.write(directory.resolve("app.img"), app);
    Files.writeString(
        directory.resolve("sw-description"),
        DESCRIPTION.formatted(place, DigestUtils.sha256Hex(app)));
    run(
        "openssl cms -sign -in sw-description -out sw-description.sig -signer cert.pem -inkey"
            + " key.pem -outform DER -nosmimecap -binary");
    String pack =
        "printf '%s\\n' sw-description sw-description.sig app.img | cpio -o -H crc --quiet >made";
    RecipeRun.in(directory, "sh", "-c", pack);
    return Files.readAllBytes(directory.resolve("made"));
  }

  private Running daemon() throws Exception {
    String after = "touch " + directory + "/rebooted";
    String key = directory.resolve("cert.pem").toString();
    Running daemon =
        Running.start(
            Map.of("TMPDIR", sockets.toString()),
            List.of("swupdate", "-k", key, "-H", "board:1.0", "-p", after));
    return daemon.until(
        () ->
            Files.exists(sockets.resolve("swupdateprog"))
                && Files.exists(sockets.resolve("sockinstctrl")));
  }

  @Test
  void installsAndHasTheDaemonReboot() throws Exception {
    try (Running daemon = daemon()) {
      Path installed = directory.resolve("installed");
      bench.install("2.0", image(installed));

      assertThat(Files.readAllBytes(installed)).isEqualTo(Samples.bytes(500_000));
      assertThat(directory.resolve("rebooted")).exists();
      assertThat(bench.version()).isEqualTo("2.0");
      assertThat(bench.progress.said()).contains("step WRITE", "SWUPDATE successful !");
      assertThat(daemon.errors()).doesNotContain("ERROR");
    }
  }

  @Test
  void quotesSwupdate() throws Exception {
    try (Running daemon = daemon()) {
      assertThat(bench.failure("2.0", image(directory.resolve("no folder/installed"))))
          .contains("SWUpdate: ERROR : I cannot open");
      assertThat(directory.resolve("rebooted")).doesNotExist();
      assertThat(daemon.errors()).contains("I cannot open");
    }
  }

  @Test
  void waitsForTheDaemon() throws Exception {
    assertThat(bench.busy("2.0", image(directory.resolve("x")))).contains("SWUpdate does not run");
    assertThat(bench.failure("2.0", Samples.bytes(1000))).contains("the image is no .swu file");
  }

  @Test
  void tellsThatTheFileHasNoVersion() throws Exception {
    bench.with("COMPONENT", "modem");

    assertThat(bench.versionFailure()).contains("there is no component modem in ");
  }
}
