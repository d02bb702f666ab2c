package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's rauc with its own service on a bus of this test; its slots are files. */
@Timeout(300)
@IntegrationTest
class RaucTest {
  private static final String BUS =
      """
      <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
       "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
      <busconfig>
        <type>system</type>
        <listen>unix:path=%s/bus</listen>
        <auth>EXTERNAL</auth>
        <policy context="default">
          <allow user="*"/><allow own="*"/>
          <allow send_destination="*"/><allow receive_sender="*"/>
        </policy>
      </busconfig>
      """;
  private static final String SYSTEM =
      """
      [system]
      compatible=Test Board
      bootloader=custom
      mountprefix=%1$s/mnt
      statusfile=%1$s/status
      [handlers]
      bootloader-custom-backend=%1$s/boot-loader
      [keyring]
      path=%1$s/cert.pem
      [slot.rootfs.0]
      device=%1$s/a.img
      type=raw
      bootname=A
      [slot.rootfs.1]
      device=%1$s/b.img
      type=raw
      bootname=B
      """;
  private static final String BOOT_LOADER =
      """
      cd '%s'
      case $1 in
        get-primary) cat primary ;;
        set-primary) echo "$2" >primary ;;
        get-state) echo good ;;
      esac
      """;
  private static final String MANIFEST =
      """
      [update]
      compatible=Test Board
      version=%s
      [image.rootfs]
      filename=rootfs.img
      """;

  @TempDir Path directory;
  private RecipeBench bench;
  private Running bus;
  private Map<String, String> place;

  @BeforeEach
  void setUp() throws Exception {
    for (String tool : List.of("rauc", "mksquashfs", "dbus-daemon", "openssl")) {
      RecipeBench.require(tool);
    }
    place = Map.of("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + directory + "/bus");
    bench = new RecipeBench("rauc", directory).with("REBOOT", "touch " + directory + "/rebooted");
    place.forEach(bench::with);
    Files.createDirectory(directory.resolve("mnt"));
    write("bus.conf", BUS);
    write("system.conf", SYSTEM);
    write("primary", "A");
    Tools.script(directory.resolve("boot-loader"), BOOT_LOADER.formatted(directory));
    for (String slot : List.of("a.img", "b.img")) {
      Files.write(directory.resolve(slot), new byte[1 << 20]);
    }
    RecipeRun.in(
        directory,
        ("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=test"
                + " -days 30")
            .split(" "));
    bus = Running.start(Map.of(), List.of("dbus-daemon", "--config-file", directory + "/bus.conf"));
    bus.until(() -> listens(directory.resolve("bus")));
  }

  private static boolean listens(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void close() throws IOException {
    if (bus != null) {
      bus.close();
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text.formatted(directory));
  }

  private byte[] bundle(String version) throws Exception {
    Path content = Files.createDirectories(directory.resolve("content"));
    Files.writeString(content.resolve("manifest.raucm"), MANIFEST.formatted(version));
    Files.write(content.resolve("rootfs.img"), Samples.bytes(100_000));
    RecipeRun.in(
        directory, "rauc", "bundle", "--cert=cert.pem", "--key=key.pem", "content", "made.raucb");
    return Files.readAllBytes(directory.resolve("made.raucb"));
  }

  /** The machine, running that slot. */
  private Running booted(String slot) throws Exception {
    String configuration = directory.resolve("system.conf").toString();
    Running service =
        Running.start(
            place, List.of("rauc", "-c", configuration, "--override-boot-slot=" + slot, "service"));
    return service.until(() -> RecipeRun.succeeds(status()));
  }

  private String[] status() {
    return new String[] {
      "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + directory + "/bus", "rauc", "status"
    };
  }

  private String primary() throws IOException {
    return Files.readString(directory.resolve("primary")).strip();
  }

  @Test
  void theOtherSlotIsWrittenAndItsVersionCountsWhenItIsBooted() throws Exception {
    try (Running before = booted("A")) {
      assertThat(bench.version()).isEqualTo("factory");
      bench.install("2.0", bundle("2.0"));

      assertThat(bench.version()).isEqualTo("factory");
      assertThat(primary()).isEqualTo("B");
      assertThat(directory.resolve("rebooted")).exists();
      assertThat(Files.readAllBytes(directory.resolve("b.img"))).startsWith(Samples.bytes(100_000));
      assertThat(bench.progress.said()).contains("step WRITE", "20%", "100%", "step ATTACH");
      assertThat(before.errors()).doesNotContain("CRITICAL");
    }
    try (Running after = booted("B")) {
      assertThat(bench.version()).isEqualTo("2.0");
      assertThat(after.errors()).doesNotContain("CRITICAL");
    }
  }

  @Test
  void aSlotThatWasNotBootedIsNotBootedLater() throws Exception {
    try (Running service = booted("A")) {
      bench.install("2.0", bundle("2.0"));
      bench.restore("2.0");

      assertThat(primary()).isEqualTo("A");
      assertThat(service.errors()).doesNotContain("CRITICAL");
    }
  }

  @Test
  void quotesRauc() throws Exception {
    try (Running service = booted("A")) {
      assertThat(bench.failure("2.0", Samples.bytes(10_000)))
          .contains("LastError: Invalid bundle format", "the running slot was not touched");
      assertThat(directory.resolve("rebooted")).doesNotExist();
      assertThat(service.errors()).doesNotContain("CRITICAL");
    }
  }

  @Test
  void waitsForTheService() throws Exception {
    assertThat(bench.busy("2.0", Samples.bytes(10))).contains("RAUC's service does not answer: ");
    assertThat(bench.versionFailure()).contains("RAUC's service does not answer: ");
  }
}
