package io.github.childconnector.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two optional programs. */
@IntegrationTest
class VersionAndRollbackTest {
  private final RecordingProgress progress = new RecordingProgress();
  private Bench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  private ScriptedSettings settings(String key, String body, String... arguments) {
    List<String> command = new ArrayList<>(List.of(bench.script(key + ".sh", body)));
    command.addAll(List.of(arguments));
    return ScriptedSettings.installing("/bin/true").with(key, command);
  }

  private VersionReader reader(String body, String... arguments) {
    return Bench.adapter(settings("read_version", body, arguments)).versionReader().orElseThrow();
  }

  private Rollback rollback(String body, String... arguments) {
    return Bench.adapter(settings("rollback", body, arguments)).rollback().orElseThrow();
  }

  private Failure failure(VersionReader reader) {
    return catchThrowableOfType(
            UpdateException.class, () -> reader.readVersion(bench.update("2.0")))
        .failure();
  }

  private Failure failure(Rollback rollback) {
    return catchThrowableOfType(
            UpdateException.class, () -> rollback.restore(bench.update("2.0"), progress))
        .failure();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "echo 2.0, 2.0",
    "printf 2.0, 2.0",
    "echo; echo '  2.0 (stable)  '; echo more, 2.0 (stable)",
    "printf '2.0\\r\\n', 2.0",
    "echo noise >&2; echo 2.0, 2.0",
    "echo progress 42, progress 42",
  })
  void theVersionIsTheFirstLine(String body, String version) throws Exception {
    assertThat(reader(body).readVersion(bench.update("2.0"))).isEqualTo(version);
  }

  @Test
  void theReaderIsToldTheOperationButNoImage() throws Exception {
    VersionReader reader =
        reader(
            "echo \"$1 $2 $FIRMWARE_VERSION $CHILD_ID ${FIRMWARE_IMAGE-none}\"",
            "{operation}",
            "{version}");

    assertThat(reader.readVersion(bench.update("2.0")))
        .isEqualTo(Bench.OPERATION + " 2.0 2.0 " + Bench.CHILD + " none");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "echo 2.0; echo 'no answer' >&2; exit 1 | ended with exit status 1: no answer. Run it by",
        "exit 75                                | ended with exit status 75 and wrote nothing on standard error. Run it by hand",
        ":                                      | wrote no version. It has to write it",
        "echo; echo '   '                       | wrote no version.",
        "echo 2.0 >&2                           | wrote no version.",
        "echo 2.0; kill -9 $$                   | was ended by SIGKILL",
      })
  void aVersionIsUnreadable(String body, String expected) {
    Failure failure = failure(reader(body));

    assertThat(failure.code()).isEqualTo(FailureCode.VERSION_UNREADABLE);
    assertThat(failure.sentence()).contains("read_version.sh " + expected);
  }

  @Test
  void aMissingReaderMakesTheVersionUnreadable() {
    ScriptedSettings settings =
        ScriptedSettings.installing("/bin/true").with("read_version", List.of("/no/such/reader"));

    assertThat(failure(Bench.adapter(settings).versionReader().orElseThrow()).reason())
        .startsWith("version-unreadable: The program /no/such/reader is not there");
  }

  @Test
  void restoresAndReportsProgress() throws Exception {
    rollback("echo step attach; echo progress 50; echo \"$1 ${FIRMWARE_IMAGE-none}\"", "{version}")
        .restore(bench.update("2.0"), progress);

    assertThat(progress.said()).containsExactly("step ATTACH", "50%", "2.0 none");
  }

  @ParameterizedTest(name = "exit status {0}")
  @CsvSource({"1", "75"})
  void aRollbackFailsInItsOwnWords(int status) {
    Failure failure = failure(rollback("echo 'no old image' >&2; exit " + status));

    assertThat(failure.code()).isEqualTo(FailureCode.INSTALL_FAILED);
    assertThat(failure.sentence())
        .contains("rollback.sh ended with exit status " + status + ": no old image.")
        .contains("The old firmware may not be back");
  }
}
