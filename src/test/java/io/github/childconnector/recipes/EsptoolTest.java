package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real esptool, with an ESP32 in its ROM boot loader. */
@Timeout(300)
@IntegrationTest
class EsptoolTest {
  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("esptool.py");
    // A pseudo-terminal has no lines for EN and IO0, and the fake runs no stub.
    bench =
        new RecipeBench("esptool", directory)
            .with("ESPTOOL", "esptool.py")
            .with("OPTIONS", "--no-stub --before no_reset --after no_reset");
  }

  private Running chip() throws Exception {
    Running chip = Running.device("fake_esp32.py", directory.resolve("flash"));
    bench.with("PORT", chip.firstLine());
    return chip;
  }

  @Test
  void flashesAChipAndReadsTheVersionFromItsFlash() throws Exception {
    bench.with("OTADATA", "0xd000");
    try (Running chip = chip()) {
      assertThat(bench.version()).isEqualTo("none");
      bench.install("2.0", Samples.esp32("2.0"));

      assertThat(bench.version()).isEqualTo("2.0");
      byte[] flash = Files.readAllBytes(directory.resolve("flash"));
      assertThat(Arrays.copyOfRange(flash, 0x10000, 0x10000 + 9000))
          .isEqualTo(Samples.esp32("2.0"));
      assertThat(flash[0xd000]).isEqualTo((byte) 0xff);
      assertThat(bench.progress.said()).contains("step WRITE", "100%", "Hash of data verified.");
      assertThat(chip.errors()).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNoApplicationOrAnotherVersion() throws Exception {
    assertThat(bench.failure("2.0", Samples.bytes(9000))).contains("no application of ESP-IDF");
    assertThat(bench.failure("2.0", Samples.esp32("1.9")))
        .contains("the image says it is version '1.9', not 2.0");
  }

  @Test
  void waitsForTheCable() throws Exception {
    bench.with("PORT", directory.resolve("none"));

    assertThat(bench.busy("2.0", Samples.esp32("2.0"))).contains("plug the cable in");
    assertThat(bench.versionFailure()).contains("cannot be read; see whether it is plugged in");
  }
}
