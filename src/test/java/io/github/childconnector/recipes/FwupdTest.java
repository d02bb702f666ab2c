package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's fwupd with the webcam of its own test plugin. That is within fwupdtool, the daemon in
 * one process, so its new version is gone with each call; fwupdmgr is seen without its daemon.
 */
@Timeout(300)
@IntegrationTest
class FwupdTest {
  private static final String WEBCAM = "08d460be0f1f9f128413f816022a6439e0078018";
  private static final String META =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <component type="firmware">
        <id>com.acme.test.firmware</id>
        <name>Test</name><summary>Test</summary>
        <metadata_license>CC0-1.0</metadata_license><project_license>proprietary</project_license>
        <provides><firmware type="flashed">b585990a-003e-5270-89d5-3705a17f9a43</firmware></provides>
        <releases><release urgency="high" version="1.2.4" date="2026-01-01">
          <checksum filename="fw.bin" target="content"/><description><p>Test</p></description>
        </release></releases>
        <custom>
          <value key="LVFS::VersionFormat">triplet</value>
          <value key="LVFS::UpdateProtocol">com.acme.test</value>
        </custom>
      </component>
      """;

  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("fwupdtool");
    bench =
        new RecipeBench("fwupd", directory)
            .with("DEVICE", WEBCAM)
            .with("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + directory + "/none");
    Path config = Files.createDirectories(directory.resolve("etc/fwupd"));
    Files.writeString(config.resolve("fwupd.conf"), "[fwupd]\nTestDevices=true\n");
    for (String folder : new String[] {"var", "run", "lock", "sys"}) {
      Files.createDirectory(directory.resolve(folder));
    }
    variables().forEach(bench::with);
  }

  private Map<String, String> variables() {
    return Map.of(
        "FWUPD_SYSCONFDIR", directory.resolve("etc").toString(),
        "CONFIGURATION_DIRECTORY", directory.resolve("etc/fwupd").toString(),
        "FWUPD_LOCALSTATEDIR", directory.resolve("var").toString(),
        "STATE_DIRECTORY", directory.resolve("var").toString(),
        "CACHE_DIRECTORY", directory.resolve("var").toString(),
        "FWUPD_RUNDIR", directory.resolve("run").toString(),
        "FWUPD_LOCKDIR", directory.resolve("lock").toString(),
        "FWUPD_SYSFSDIR", directory.resolve("sys").toString());
  }

  private void daemonInOneProcess() {
    bench
        .with("FWUPD", "fwupdtool --plugins test")
        .with("INSTALL", "fwupdtool --plugins test install");
  }

  private byte[] cabinet() throws Exception {
    Files.writeString(directory.resolve("fw.bin"), "0x1020004");
    Files.writeString(directory.resolve("fw.metainfo.xml"), META);
    String variables =
        variables().entrySet().stream()
            .map(variable -> variable.getKey() + "='" + variable.getValue() + "'")
            .collect(Collectors.joining(" "));
    String build = "fwupdtool build-cabinet made.cab fw.bin fw.metainfo.xml";
    RecipeRun.in(directory, "sh", "-c", variables + " " + build);
    return Files.readAllBytes(directory.resolve("made.cab"));
  }

  @Test
  void installsACabinet() throws Exception {
    daemonInOneProcess();
    bench.install("1.2.4", cabinet());

    assertThat(bench.progress.said()).contains("step WRITE", "50%", "100%");
    assertThat(bench.version()).isEqualTo("1.2.2");
  }

  @Test
  void quotesFwupd() throws Exception {
    daemonInOneProcess();

    assertThat(bench.failure("1.2.4", Samples.bytes(9))).contains("fwupd: ", "CabHeader");
  }

  @Test
  void waitsForADeviceThatIsOut() throws Exception {
    daemonInOneProcess();
    bench.with("DEVICE", "b585990a-003e-5270-89d5-000000000000");

    assertThat(bench.busy("1.2.4", cabinet())).contains("fwupd sees no device b585990a");
    assertThat(bench.versionFailure()).contains("fwupd sees no device b585990a");
  }

  @Test
  void waitsForTheDaemon() throws Exception {
    assertThat(bench.busy("1.2.4", cabinet()))
        .contains("fwupd does not answer: ", "Failed to connect to daemon");
    assertThat(bench.versionFailure()).contains("Failed to connect to daemon");
  }
}
