package io.github.childconnector.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.Program;
import java.util.Map;
import org.junit.jupiter.api.Test;

@IntegrationTest
class LoggingTest {
  private static final Program PROBE = Program.of(LoggingProbe.class);

  @Test
  void inTheJournalLinesHavePrioritiesAndReachToTheVeryEnd() throws Exception {
    Program.Result result = PROBE.run(Map.of("JOURNAL_STREAM", "8:12345", "LC_ALL", "C"));

    assertThat(result.err())
        .isEqualTo(
            """
            <6>Gerät
            <4>warned
            <6>stopped
            """);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void theEnvironmentSaysHowMuch() throws Exception {
    Program.Result result =
        PROBE.run(Map.of("JOURNAL_STREAM", "8:12345", "TEDGE_CHILD_CONNECTOR_LOG", "debug"));

    assertThat(result.err())
        .isEqualTo(
            """
            <7>details of ours
            <6>Gerät
            <4>warned
            <6>stopped
            """);
  }

  @Test
  void aWordThatIsNoLevelIsNamedAndIgnored() throws Exception {
    Program.Result result = PROBE.run(Map.of("TEDGE_CHILD_CONNECTOR_LOG", "loud"));

    assertThat(result.err().lines())
        .hasSize(4)
        .first()
        .asString()
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  TEDGE_CHILD_CONNECTOR_LOG=loud is ignored;"
                + " use error, warning, info or debug");
  }
}
