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

/** Debian's avrdude, with a board that has an Arduino's boot loader. */
@Timeout(300)
@IntegrationTest
class AvrdudeTest {
  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("avrdude");
    bench = new RecipeBench("avrdude", directory);
  }

  private Running board() throws Exception {
    Running board = Running.device("fake_avr.py", directory.resolve("flash"));
    bench.with("PORT", board.firstLine());
    return board;
  }

  @Test
  void flashesABoardAndReadsItsVersionFromItsFlash() throws Exception {
    try (Running board = board()) {
      assertThat(bench.version()).isEqualTo("none");
      bench.install("2.0", Samples.marked("2.0"));

      assertThat(bench.version()).isEqualTo("2.0");
      assertThat(Files.readAllBytes(directory.resolve("flash"))).startsWith(Samples.marked("2.0"));
      assertThat(bench.progress.said()).startsWith("step PREPARE", "step WRITE").endsWith("100%");
      assertThat(board.errors()).isEmpty();
    }
  }

  @Test
  void refusesAnImageOfAnotherVersion() throws Exception {
    assertThat(bench.failure("3.0", Samples.marked("2.0")))
        .contains("the image says it is version '2.0', not 3.0");
  }

  @Test
  void waitsForTheCable() throws Exception {
    bench.with("PORT", directory.resolve("none"));

    assertThat(bench.busy("2.0", Samples.marked("2.0"))).contains("plug the cable in");
    assertThat(bench.versionFailure()).contains("cannot be read; see whether it is plugged in");
  }

  @Test
  void waitsForABoardThatDoesNotAnswer() throws Exception {
    bench.with("PORT", "net:127.0.0.1:1");

    assertThat(bench.busy("2.0", Samples.marked("2.0"))).contains("does not answer: avrdude error");
  }

  @Test
  void saysThatTheImageIsTooLarge() throws Exception {
    byte[] image = Arrays.copyOf(Samples.marked("2.0"), 40_000);
    Arrays.fill(image, 4000, 40_000, (byte) 1);
    assertThat(bench.failure("2.0", image))
        .contains("the image has 40000 bytes, the device takes 32256");
  }
}
