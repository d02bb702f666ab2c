package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real smpmgr, with a device that has MCUboot's two slots. */
@Timeout(300)
@IntegrationTest
class McumgrTest {
  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("smpmgr");
    bench = new RecipeBench("mcumgr", directory).with("SMPMGR", "smpmgr").with("TRIES", "1");
    Files.write(directory.resolve("slot0"), Samples.mcuboot("1.0.0"));
    Files.createFile(directory.resolve("confirmed"));
  }

  private Running device() throws Exception {
    Running device = Running.device("fake_smp.py", directory);
    bench.with("DEVICE", "--timeout 60 --ip " + device.firstLine());
    return device;
  }

  @Test
  void updatesConfirmsAndGoesBack() throws Exception {
    try (Running device = device()) {
      bench.install("2.0.0", Samples.mcuboot("2.0.0"));

      assertThat(bench.version()).isEqualTo("2.0.0");
      assertThat(directory.resolve("confirmed")).exists();

      bench.restore("2.0.0");
      assertThat(bench.version()).isEqualTo("1.0.0");
      assertThat(device.errors()).isEmpty();
    }
  }

  @Test
  void anImageThatDoesNotComeUpIsAFailure() throws Exception {
    Files.createFile(directory.resolve("bad"));
    try (Running device = device()) {
      assertThat(bench.failure("2.0.0", Samples.mcuboot("2.0.0")))
          .contains("does not run the new image, but '1.0.0'");
      bench.restore("2.0.0");
      assertThat(bench.progress.said())
          .endsWith("the device runs its old image; nothing to restore");
      assertThat(device.errors()).isEmpty();
    }
  }

  @Test
  void oneThatIsOnTrialIsConfirmedAndNotSentAgain() throws Exception {
    Files.write(directory.resolve("slot1"), Samples.mcuboot("1.0.0"));
    Files.write(directory.resolve("slot0"), Samples.mcuboot("2.0.0"));
    Files.delete(directory.resolve("confirmed"));
    try (Running device = device()) {
      bench.install("2.0.0", Samples.mcuboot("2.0.0"));

      assertThat(directory.resolve("confirmed")).exists();
      assertThat(bench.progress.said()).containsExactly("step PREPARE");
      assertThat(device.errors()).isEmpty();
    }
  }

  @Test
  void waitsForADeviceThatDoesNotAnswer() throws Exception {
    bench.with("DEVICE", "--timeout 1 --ip 127.77.0.1");

    assertThat(bench.busy("2.0.0", Samples.mcuboot("2.0.0"))).contains("does not answer: ");
    assertThat(bench.failure("2.0.0", Samples.bytes(1000))).contains("none of MCUboot's");
  }
}
