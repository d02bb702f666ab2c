package io.github.childconnector.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fake device behaves as the tests of whole updates believe. */
@Timeout(300)
@IntegrationTest
class FakeDeviceTest {
  private Bench bench;
  private FakeDevice device;
  private DeviceAdapter adapter;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
    device = FakeDevice.in(directory.resolve("a device"), "1.0");
    adapter =
        Bench.adapter(
            new ScriptedSettings()
                .with("install", device.installCommand())
                .with("read_version", device.readVersionCommand())
                .with("rollback", device.rollbackCommand())
                .with("stop_grace", Duration.ofSeconds(1)));
  }

  private void install() throws Exception {
    adapter.install(bench.installation("2.0"), new RecordingProgress());
  }

  private String readVersion() throws Exception {
    return adapter.versionReader().orElseThrow().readVersion(bench.update("2.0"));
  }

  private void installUntilInterrupted(String written) throws Exception {
    Thread thread =
        new Thread(
            () -> {
              try {
                install();
              } catch (Exception expected) {
                assertThat(expected).isInstanceOf(InterruptedException.class);
              }
            });
    thread.start();
    Path file = device.file(written);
    await().until(() -> Files.exists(file) && Files.size(file) > 0);
    assertThat(device.isInstalling()).isTrue();
    thread.interrupt();
    thread.join(Duration.ofSeconds(60).toMillis());
    assertThat(device.isInstalling()).isFalse();
  }

  @Test
  void installsAndCounts() throws Exception {
    assertThat(readVersion()).isEqualTo("1.0");
    install();

    assertThat(readVersion()).isEqualTo("2.0").isEqualTo(device.version());
    assertThat(device.image()).asString().isEqualTo("bytes of 2.0");
    assertThat(device.installs()).isEqualTo(1);
    assertThat(device.installedOperations()).containsExactly(Bench.OPERATION);
    assertThat(device.reads()).isEqualTo(2);
    assertThat(device.rollbacks()).isZero();
  }

  @Test
  void failsAndRollsBack() throws Exception {
    device.fails(3, "no port");
    assertThatThrownBy(this::install)
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("exit status 3: no port.");
    adapter.rollback().orElseThrow().restore(bench.update("2.0"), new RecordingProgress());

    assertThat(device.version()).isEqualTo("1.0");
    assertThat(device.rollbacks()).isEqualTo(1);
  }

  @Test
  void isBusyForAWhile() throws Exception {
    device.isBusy(1);
    assertThatThrownBy(this::install)
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("the device is in use");
    install();

    assertThat(device.version()).isEqualTo("2.0");
  }

  @Test
  void hangs() throws Exception {
    device.hangs();
    installUntilInterrupted("flashes");

    assertThat(readVersion()).isEqualTo("1.0");
  }

  @Test
  void succeedsLate() throws Exception {
    device.succeedsLate(0);
    installUntilInterrupted("countdown");
    assertThat(device.version()).isEqualTo("1.0");

    assertThat(readVersion()).isEqualTo("2.0");
  }

  @Test
  void confirmsSlowly() throws Exception {
    device.confirmsAfter(2);
    install();

    assertThat(readVersion()).isEqualTo("1.0");
    assertThat(readVersion()).isEqualTo("1.0");
    assertThat(readVersion()).isEqualTo("2.0");
  }

  @Test
  void runsAnotherVersion() throws Exception {
    device.runsInstead("1.9");
    install();

    assertThat(readVersion()).isEqualTo("1.9");
  }

  @Test
  void doesNotAnswer() throws Exception {
    device.answers(false);
    assertThatThrownBy(this::readVersion).hasMessageContaining("the device does not answer");
    device.answers(true);

    assertThat(readVersion()).isEqualTo("1.0");
  }

  @Test
  void writesItsTable() {
    assertThat(device.table())
        .contains("install = [\"" + device.installCommand().get(0) + "\", \"{image}\"")
        .contains("read_version = [\"" + device.readVersionCommand().get(0) + "\"]")
        .contains("rollback = [\"" + device.rollbackCommand().get(0) + "\"]");
  }
}
