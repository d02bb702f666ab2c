package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's stm32flash, with a chip in its ROM boot loader. */
@Timeout(300)
@IntegrationTest
class Stm32flashTest {
  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("stm32flash");
    // A pseudo-terminal has no parity, and no lines for RESET and BOOT0; the fake needs neither.
    bench =
        new RecipeBench("stm32flash", directory)
            .with("MODE", "8n1")
            .with("ENTRY", ",")
            .with("EXIT", ",")
            .with("LENGTH", "0x2000");
  }

  private Running chip(Object... writes) throws Exception {
    Object[] arguments = new Object[writes.length + 1];
    arguments[0] = directory.resolve("flash");
    System.arraycopy(writes, 0, arguments, 1, writes.length);
    Running chip = Running.device("fake_stm32.py", arguments);
    bench.with("PORT", chip.firstLine());
    return chip;
  }

  @Test
  void flashesAChipAndReadsItsVersionFromItsFlash() throws Exception {
    try (Running chip = chip()) {
      assertThat(bench.version()).isEqualTo("none");
      bench.install("2.0", Samples.marked("2.0"));

      assertThat(bench.version()).isEqualTo("2.0");
      assertThat(bench.progress.said()).contains("step WRITE", "51%", "100%");
      assertThat(chip.errors()).isEmpty();
    }
  }

  @Test
  void aFlashThatBreaksHalfWayIsAFailureAndMayBeRepeated() throws Exception {
    try (Running chip = chip(5)) {
      assertThat(bench.failure("2.0", Samples.marked("2.0")))
          .contains("stays in its boot loader: Failed to write memory at address 0x08000400");
      assertThat(chip.errors()).isEmpty();
    }
    assertThat(bench.child().adapter().isRepeatable()).isTrue();
    try (Running chip = chip()) {
      bench.install("2.0", Samples.marked("2.0"));
      assertThat(bench.version()).isEqualTo("2.0");
      assertThat(chip.errors()).isEmpty();
    }
  }

  @Test
  void waitsForTheCable() throws Exception {
    bench.with("PORT", directory.resolve("none"));

    assertThat(bench.busy("2.0", Samples.marked("2.0"))).contains("plug the cable in");
    assertThat(bench.versionFailure()).contains("cannot be read; see whether it is plugged in");
  }
}
