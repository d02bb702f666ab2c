package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ProgramOutput.BoundedProgress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramOutputTest {
  private final RecordingProgress progress = new RecordingProgress();
  private final ProgramOutput output = new ProgramOutput(progress);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "progress 0, 0%",
    "progress 42, 42%",
    "progress 100, 100%",
    "progress 101, progress 101",
    "progress -1, progress -1",
    "progress 4.2, progress 4.2",
    "progress 42%, progress 42%",
    "progress 99999999999999, progress 99999999999999",
    "progress, progress",
    "Progress 42, Progress 42",
    "step prepare, step PREPARE",
    "step detach, step DETACH",
    "step write, step WRITE",
    "step attach, step ATTACH",
    "step cleanup, step CLEANUP",
    "step WRITE, step WRITE",
    "step dance, step dance",
    "step by step, step by step",
  })
  void readsProgressAndStepsAndTakesTheRestAsText(String line, String expected) {
    output.line(line);
    assertThat(progress.said()).containsExactly(expected);
  }

  @Test
  void takesErrorsAsTextOnly() {
    output.errorLine("progress 42");
    output.errorLine("no device");

    assertThat(progress.said()).containsExactly("progress 42", "no device");
    assertThat(output.end("program", 0).lastError()).contains("no device");
    assertThat(output.end("program", 0).firstLine()).isEmpty();
  }

  @Test
  void tellsAPercentageOnceInEachStep() {
    Progress bounded = new BoundedProgress(progress);
    bounded.percent(1);
    bounded.percent(1);
    bounded.step(Progress.Step.WRITE);
    bounded.percent(1);

    assertThat(progress.said()).containsExactly("1%", "step WRITE", "1%");
  }

  @Test
  void saysOnceThatTheRestIsNotLogged() {
    IntStream.rangeClosed(1, 10_000).forEach(number -> output.line("line " + number));

    assertThat(progress.said())
        .hasSize(BoundedProgress.MAX_MESSAGES + 1)
        .endsWith("line 500", "… the program writes more than is logged");
  }

  @Test
  void aFloodOnOneOutputHidesNeitherTheOtherNorTheConnectorsRemarks() {
    IntStream.rangeClosed(1, 1000).forEach(number -> output.line("line " + number));
    output.errorLine("no device");
    output.remark("still running");

    assertThat(progress.said()).endsWith("no device", "still running");
  }

  @Test
  void boundsAlternatingPercentages() {
    IntStream.range(0, 10_000).forEach(number -> output.line("progress " + number % 2));
    assertThat(progress.said()).hasSize(BoundedProgress.MAX_CHANGES);
  }
}
