package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's openocd, with its own fake flash. */
@Timeout(300)
@IntegrationTest
class OpenocdTest {
  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("openocd");
    bench = new RecipeBench("openocd", directory);
  }

  @Test
  void flashesAChipAndReadsItsVersionFromItsFlash() throws Exception {
    bench
        .with("CONFIG", Path.of("src/test/devices/fake_chip.cfg").toAbsolutePath())
        .with("ADDRESS", "0x01000000")
        .with("FAKE_FLASH", directory.resolve("flash"));
    Files.write(directory.resolve("flash"), Samples.bytes(100));
    assertThat(bench.version()).isEqualTo("none");
    bench.install("2.0", Samples.marked("2.0"));

    assertThat(bench.version()).isEqualTo("2.0");
    assertThat(bench.progress.said()).endsWith("100%");
  }

  @Test
  void whatIsNotVerifiedIsAFailure() throws Exception {
    bench
        .with("CONFIG", Path.of("src/test/devices/fake_chip.cfg").toAbsolutePath())
        .with("ADDRESS", "0x01000000")
        .with("FAKE_FLASH", directory.resolve("no folder/flash"));

    assertThat(bench.failure("2.0", Samples.marked("2.0")))
        .contains("openocd did not write the whole image");
  }

  @Test
  void waitsForTheProbe() throws Exception {
    assertThat(bench.busy("2.0", Samples.marked("2.0")))
        .contains("openocd finds no probe, or no chip at it: Error: open failed");
    assertThat(bench.versionFailure()).contains("see whether probe and chip are connected");
  }

  @Test
  void refusesAnImageOfAnotherVersion() throws Exception {
    assertThat(bench.failure("3.0", Samples.marked("2.0")))
        .contains("the image says it is version '2.0', not 3.0");
  }
}
