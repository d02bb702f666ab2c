package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@IntegrationTest
class ProgramsTest {
  private static final class BrokenProgress extends RecordingProgress {
    @Override
    public void message(String text) {
      throw new IllegalStateException("nobody listens");
    }
  }

  /** Its name is that of no other test's operation, by which its processes are known. */
  private static FirmwareUpdate update(Path directory) {
    return Samples.update(
        new ChildId("plc"),
        String.valueOf(directory.getFileName()),
        new Firmware("plc", "1.0"),
        new Sha256("0".repeat(64)));
  }

  @Test
  void aProgramIsEndedInOrderAlsoWhereNobodyCanListen(@TempDir Path directory) throws Exception {
    FirmwareUpdate update = update(directory);
    Path cleaned = directory.resolve("cleaned");
    CommandLine line =
        new CommandLine(
            List.of(
                "/bin/sh",
                "-c",
                "trap 'touch " + cleaned + "; exit 1' TERM; echo a; while :; do sleep 0.02; done"));
    SystemClock clock = new SystemClock();
    Programs programs =
        new Programs(Launcher.of(Optional.empty(), Map.of()), Duration.ofSeconds(60), clock);

    assertThatThrownBy(
            () ->
                programs.run(
                    ProgramCall.of(line, update, new BrokenProgress(), FailureCode.INSTALL_FAILED)))
        .hasMessage("nobody listens");
    assertThat(ProcessTree.leftBy(Marks.ours(update.key()), Set.of(), clock).running()).isEmpty();
    assertThat(Files.exists(cleaned)).isTrue();
  }

  /** As sudo does: nothing but its session leads to it. */
  @Test
  void whatHasClearedItsEnvironmentIsEndedByItsSession(@TempDir Path directory) throws Exception {
    FirmwareUpdate update = update(directory);
    Process left =
        new ProcessBuilder("setsid", "env", "-i", "sh", "-c", "sleep 600 & sleep 600").start();
    assertThat(SessionNotes.ofThisUser().note(update.key(), left.pid())).isPresent();
    Programs programs =
        new Programs(
            Launcher.of(Optional.empty(), Map.of()), Duration.ofSeconds(10), new SystemClock());

    programs.endLeftovers(update.key());

    assertThat(left.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(SessionNotes.ofThisUser().left(update.key())).isEmpty();
  }

  @Test
  void aProgramThatHasEndedIsForgotten(@TempDir Path directory) throws Exception {
    FirmwareUpdate update = update(directory);
    Programs programs =
        new Programs(
            Launcher.of(Optional.empty(), Map.of()), Duration.ofSeconds(10), new SystemClock());
    CommandLine line = new CommandLine(List.of("/bin/sh", "-c", "exit 3"));
    ProgramEnd end =
        programs.run(
            ProgramCall.of(line, update, new RecordingProgress(), FailureCode.INSTALL_FAILED));

    assertThat(end.status()).isEqualTo(3);
    assertThat(SessionNotes.ofThisUser().left(update.key())).isEmpty();
  }
}
