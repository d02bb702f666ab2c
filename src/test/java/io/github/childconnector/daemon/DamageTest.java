package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.systemd.NotifyListener;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon whose Java breaks while it runs. */
@NullMarked
@IntegrationTest
class DamageTest {
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  @TempDir Path directory;
  private Gateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private Path damage() {
    return directory.resolve("damage");
  }

  private Daemon damaged() throws IOException {
    return Daemon.java(
            List.of(
                "-cp",
                System.getProperty("java.class.path"),
                DamagedDaemon.class.getName(),
                gateway.config().toString(),
                damage().toString()),
            Map.of())
        .awaitLog("Serving 1 child");
  }

  /** Sends an update to a process that is damaged, and sees it end. */
  private void breakOne() throws Exception {
    gateway.children("[[child]]\nid = \"plc\"\nadapter = \"damaged\"\n");
    Files.createFile(damage());
    try (Daemon daemon = damaged()) {
      gateway.send("plc", "op", "2.0");
      assertThat(daemon.awaitExit()).isEqualTo(ExitCode.SOFTWARE);
      assertThat(daemon.log())
          .contains("the service manager starts another one", "UnsatisfiedLinkError")
          .endsWith("Stopped\n");
      assertThat(gateway.said("plc", "op")).allMatch(text -> text.contains("executing"));
    }
  }

  @Test
  void aFaultThatLastsEndsTheProcessAndTheNextOneTakesTheUpdateUp() throws Exception {
    breakOne();
    Files.delete(damage());
    try (Daemon daemon = damaged()) {
      assertThat(gateway.awaitEnd("plc", "op")).last().asString().contains("successful");
      assertThat(daemon.isAlive()).isTrue();
    }
  }

  @Test
  void aFaultThatANewProcessDoesNotMendEndsTheUpdateInsteadOfEachProcess() throws Exception {
    breakOne();
    try (Daemon daemon = damaged()) {
      assertThat(gateway.awaitEnd("plc", "op")).last().asString().contains("internal-error");
      assertThat(daemon.isAlive()).isTrue();
    }
  }

  @Test
  void aShortageOfDescriptorsAtTheFirstDownloadSpoilsNoLaterOne() throws Exception {
    assumeThat(PRLIMIT).isExecutable();
    gateway.set("download", "attempts", "2").child("plc");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog("Serving 1 child");
      // Room for a file of the journal, but not for a connection.
      limitDescriptors(daemon, open(daemon) + 2);
      gateway.send("plc", "short", "2.0");
      assertThat(gateway.awaitEnd("plc", "short")).last().asString().contains("failed");

      limitDescriptors(daemon, 4096);
      gateway.send("plc", "plenty", "3.0");
      assertThat(gateway.awaitEnd("plc", "plenty")).last().asString().contains("successful");
      assertThat(daemon.log()).contains("Too many open files").doesNotContain("NoClassDefFound");
    }
  }

  private static long open(Daemon daemon) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + daemon.pid() + "/fd"))) {
      return descriptors.count();
    }
  }

  private static void limitDescriptors(Daemon daemon, long most) throws Exception {
    Process prlimit =
        new ProcessBuilder(
                PRLIMIT.toString(),
                "--pid",
                Long.toString(daemon.pid()),
                "--nofile=" + most + ":4096")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }

  @Test
  void aJavaThatIsReplacedInTheMiddleOfAnInstallationStillStartsPrograms() throws Exception {
    Path helper = Path.of("lib", "jspawnhelper");
    Path running = Path.of(System.getProperty("java.home"));
    assumeThat(running.resolve(helper)).exists();
    Path java = copy(running, directory.resolve("java"));
    FakeDevice device = gateway.child("plc").waits();
    try (NotifyListener systemd = NotifyListener.in(directory);
        Daemon daemon =
            Daemon.startWith(java, gateway.config(), Map.of("NOTIFY_SOCKET", systemd.socket()))) {
      daemon.awaitLog("Serving 1 child");
      gateway.send("plc", "op", "2.0");
      await().until(device::isInstalling);
      // What the helper of another version does.
      Path other = Files.writeString(directory.resolve("other"), "#!/bin/sh\nexit 1\n");
      assertThat(other.toFile().setExecutable(true)).isTrue();
      Files.move(other, java.resolve(helper), StandardCopyOption.REPLACE_EXISTING);
      device.goesOn();

      assertThat(gateway.awaitEnd("plc", "op")).last().asString().contains("successful");
      daemon.stop();
      assertThat(systemd.untilStopped()).endsWith("STOPPING=1");
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        String name = from.relativize(file).toString();
        if (!name.startsWith("jmods") && !name.endsWith(".zip") && !name.endsWith("ct.sym")) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
    return to;
  }
}
