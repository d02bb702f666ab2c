package io.github.childconnector.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.Launcher;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program is given, and what its end means. */
@IntegrationTest
class InstallationTest {
  private final RecordingProgress progress = new RecordingProgress();
  private Bench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  private void install(DeviceAdapter adapter) throws Exception {
    adapter.install(bench.installation("2.0"), progress);
  }

  private Failure failure(DeviceAdapter adapter) {
    return failure(adapter, bench.installation("2.0"));
  }

  private Failure failure(DeviceAdapter adapter, Installation installation) {
    return catchThrowableOfType(
            UpdateException.class, () -> adapter.install(installation, progress))
        .failure();
  }

  private Map<String, String> environment() {
    return Stream.of(bench.read("environment").split("\0"))
        .map(variable -> variable.split("=", 2))
        .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0",
        "",
        "two  spaces ",
        "it's \"quoted\"",
        "line\nbreak",
        "$(touch hacked) `touch hacked` ; touch hacked",
        "-rf",
        "--help",
        "{image}",
        "%s\\n*?",
      })
  void valuesArriveUnharmedAndNoShellReadsThem(String version) throws Exception {
    String program =
        bench.script(
            "flash.sh", "printf '%s\\0' \"$@\" >$here/arguments; env -0 >$here/environment");
    DeviceAdapter adapter =
        Bench.adapter(
            ScriptedSettings.installing(
                    program,
                    "--",
                    "{version}",
                    "{image}",
                    "{name}",
                    "{child}",
                    "{operation}",
                    "{sha256}")
                .with("working_directory", bench.file("").toString()));
    Installation installation = bench.installation(version);
    adapter.install(installation, progress);

    String image = bench.file("the image").toString();
    String digest = installation.image().digest().hex();
    assertThat(bench.read("arguments").split("\0"))
        .containsExactly(
            "--", version, image, "Open WRT", Bench.CHILD.value(), Bench.OPERATION, digest);
    assertThat(environment())
        .containsEntry("FIRMWARE_VERSION", version)
        .containsEntry("FIRMWARE_IMAGE", image)
        .containsEntry("FIRMWARE_NAME", "Open WRT")
        .containsEntry("CHILD_ID", Bench.CHILD.value())
        .containsEntry("OPERATION_ID", Bench.OPERATION)
        .containsEntry("FIRMWARE_SHA256", digest);
    assertThat(bench.file("hacked")).doesNotExist();
  }

  @Test
  void lettersBeyondAsciiArrive() throws Exception {
    String version = "größer-版-🚀";
    assumeTrue(Launcher.isExpressible(version), "the locale of the tests has no such letters");
    DeviceAdapter adapter = bench.installer("printf %s \"$FIRMWARE_VERSION\" >$here/version");
    adapter.install(bench.installation(version), progress);

    assertThat(bench.read("version")).isEqualTo(version);
  }

  @Test
  void refusesLettersTheLocaleCannotExpress() {
    Failure failure = failure(bench.installer("touch $here/ran"), bench.installation("\ud800"));

    assertThat(failure.reason()).startsWith("install-failed: ").contains("LC_ALL=C.UTF-8");
    assertThat(bench.file("ran")).doesNotExist();
  }

  @Test
  void refusesNul() {
    Failure failure = failure(bench.installer("touch $here/ran"), bench.installation("1\0002"));

    assertThat(failure.code()).isEqualTo(FailureCode.REQUEST_INVALID);
    assertThat(failure.sentence()).contains("version of the firmware").contains("NUL");
    assertThat(bench.file("ran")).doesNotExist();
  }

  @Test
  void runsInItsDirectoryWithItsEnvironmentAndWithoutInput() throws Exception {
    String program =
        bench.script(
            "flash.sh", "pwd >$here/directory; env -0 >$here/environment; cat >$here/input");
    Path directory = Files.createDirectory(bench.file("work here"));
    install(
        Bench.adapter(
            ScriptedSettings.installing(program)
                .with("working_directory", directory.toString())
                .with("environment", Map.of("PIN", "12 34", "JAVA_TOOL_OPTIONS", "-Dmine"))));

    assertThat(bench.read("directory").strip()).isEqualTo(directory.toRealPath().toString());
    assertThat(environment())
        .containsEntry("PIN", "12 34")
        .containsEntry("JAVA_TOOL_OPTIONS", "-Dmine")
        .containsEntry("PATH", System.getenv("PATH"));
    assertThat(bench.read("input")).isEmpty();
  }

  @Test
  void findsAProgramInThePath() throws Exception {
    install(Bench.adapter(ScriptedSettings.installing("touch", bench.file("touched").toString())));
    assertThat(bench.file("touched")).exists();
  }

  @Test
  void findsAProgramInTheConfiguredPathAndInTheWorkingDirectory() throws Exception {
    bench.script("flash-plc", "echo ran");
    String here = bench.file("").toString();
    install(
        Bench.adapter(
            ScriptedSettings.installing("flash-plc")
                .with("environment", Map.of("PATH", here + ":/bin"))));
    install(
        Bench.adapter(ScriptedSettings.installing("./flash-plc").with("working_directory", here)));

    assertThat(progress.said()).containsExactly("ran", "ran");
  }

  @Test
  void worksWithoutSetsid() throws Exception {
    CommandAdapter adapter =
        CommandAdapter.read(
            ScriptedSettings.installing(bench.script("flash.sh", "echo ran")).section(),
            new SystemClock());
    Launcher launcher = new Launcher(Optional.empty(), Map.of(), Optional.empty());
    install(adapter.with(new Programs(launcher, Duration.ofSeconds(10), new SystemClock())));

    assertThat(progress.said()).containsExactly("ran");
  }

  @Test
  void passesOnWhatTheProgramSays() throws Exception {
    install(
        bench.installer(
            "echo step prepare; echo step write; echo progress 1; printf 'progress 99\\rverifying'"));

    assertThat(progress.said())
        .containsExactly("step PREPARE", "step WRITE", "1%", "99%", "verifying");
  }

  @Test
  void passesItOnWhileTheProgramRuns() throws Exception {
    RecordingProgress answering =
        new RecordingProgress() {
          @Override
          public void message(String text) {
            super.message(text);
            bench.write("answer", "");
          }
        };
    DeviceAdapter adapter =
        bench.installer("echo question; until [ -e \"$here/answer\" ]; do sleep 0.01; done");
    adapter.install(bench.installation("2.0"), answering);

    assertThat(answering.said()).containsExactly("question");
  }

  @Test
  void exit75MeansBusy() {
    DeviceAdapter talking = bench.installer("echo 'in use by a lift' >&2; exit 75");
    assertThatThrownBy(() -> install(talking))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("in use by a lift");

    DeviceAdapter silent = bench.installer("exit 75");
    assertThatThrownBy(() -> install(silent))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageContaining("flash.sh ended with exit status 75");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3                           | flash.sh ended with exit status 3 and wrote nothing on standard error. Run it by hand",
        "echo out; exit 3                 | and wrote nothing on standard error. What it wrote is in",
        "echo out; echo 'no port' >&2; echo >&2; exit 1 | ended with exit status 1: no port. What",
        "echo 'Done.' >&2; exit 1         | ended with exit status 1: Done. What",
        "kill -9 $$                       | was ended by SIGKILL, as the kernel does when memory",
        "kill -SEGV $$                    | was ended by SIGSEGV (exit status 139)",
        "exit 143                         | was ended by SIGTERM (exit status 143)",
        "exit 255                         | ended with exit status 255",
        "exit 160                         | ended with exit status 160",
        "printf 'a\\tb\\033[0m\\007c' >&2; exit 1 | exit status 1: a b c. What",
      })
  void anythingElseIsAFailureWithTheLastErrorAsReason(String body, String expected) {
    Failure failure = failure(bench.installer(body));

    assertThat(failure.code()).isEqualTo(FailureCode.INSTALL_FAILED);
    assertThat(failure.sentence()).contains(expected).endsWith("request the update again.");
  }

  @Test
  void aLongErrorLeavesRoomForTheRemedy() {
    Failure failure = failure(bench.installer("head -c 3000 /dev/zero | tr '\\0' x >&2; exit 1"));

    assertThat(failure.reason()).contains("xxx…").endsWith("request the update again.");
  }

  @Test
  void namesAMissingProgram() {
    assertThat(failure(Bench.adapter(ScriptedSettings.installing("/no/such/flash.sh"))).reason())
        .startsWith("install-failed: The program /no/such/flash.sh is not there")
        .contains("correct its path");
    assertThat(failure(Bench.adapter(ScriptedSettings.installing("no-such-flash"))).reason())
        .contains("in none of the directories of PATH")
        .contains("its full path");
    assertThat(failure(Bench.adapter(ScriptedSettings.installing("/tmp"))).reason())
        .contains("/tmp is not there, or not a file");
  }

  @Test
  void namesAProgramThatMayNotBeExecuted() {
    String program = bench.write("flash.sh", "#!/bin/sh\n").toString();

    assertThat(failure(Bench.adapter(ScriptedSettings.installing(program))).reason())
        .contains("may not be executed by the user")
        .contains("chmod 755 " + program);
  }

  @Test
  void namesAMissingInterpreter() throws Exception {
    Path program = Path.of(bench.script("flash.sh", ""));
    Files.writeString(program, "#!/no/such/interpreter\n");

    assertThat(failure(Bench.adapter(ScriptedSettings.installing(program.toString()))).reason())
        .contains("names /no/such/interpreter in its first line, which is not installed");
  }

  @Test
  void namesAMissingWorkingDirectory() {
    ScriptedSettings settings =
        ScriptedSettings.installing("/bin/true").with("working_directory", "/no/such/place");

    assertThat(failure(Bench.adapter(settings)).reason())
        .contains("The working_directory /no/such/place is not there. Create it");
  }

  @Test
  void namesWhatTheKernelRefuses() {
    String tooLong = "x".repeat(200_000);
    assertThat(failure(Bench.adapter(ScriptedSettings.installing("/bin/true", tooLong))).reason())
        .startsWith("install-failed: The program /bin/true could not be started");
  }

  @Test
  void aFloodWithoutNewlineNeedsNoMemory() throws Exception {
    install(bench.installer("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo end"));

    assertThat(progress.said()).hasSize(2).last().isEqualTo("end");
    assertThat(progress.said().get(0)).hasSize(4096 + 1);
  }

  @Test
  void aFloodOfLinesIsReadToItsEnd() throws Exception {
    install(bench.installer("seq 1 300000; seq 1 300000 >&2; touch $here/ended"));

    assertThat(progress.said()).hasSize(2 * 500 + 2);
    assertThat(bench.file("ended")).exists();
  }

  @Test
  void binaryOutputIsHarmless() throws Exception {
    install(bench.installer("head -c 1000000 /dev/urandom; head -c 1000000 /dev/urandom >&2"));

    assertThat(progress.said())
        .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\p{Cc}\u2028\u2029]"));
  }

  @Test
  void aProgramMayCloseItsOutputs() throws Exception {
    install(bench.installer("exec >&- 2>&-; sleep 0.1; : >\"$here/ended\""));
    assertThat(bench.file("ended")).exists();
  }

  @Test
  void aChangedImageIsNotGivenToTheProgram() {
    DeviceAdapter adapter = bench.installer("touch $here/ran");
    Installation installation = bench.installation("2.0");
    FirmwareImages.change(installation.image());

    assertThat(failure(adapter, installation).code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
    assertThat(bench.file("ran")).doesNotExist();
  }

  @Test
  void anImageThatChangesWhileTheProgramRunsIsNoSuccess() {
    DeviceAdapter adapter = bench.installer("echo other >\"$FIRMWARE_IMAGE\"; touch $here/ran");

    assertThat(failure(adapter).code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
    assertThat(bench.file("ran")).exists();
  }

  @Test
  void aProgramMayTakeTheImageAway() throws Exception {
    install(bench.installer("mv \"$FIRMWARE_IMAGE\" $here/taken"));
    assertThat(bench.read("taken")).isEqualTo("bytes of 2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                        | is empty",
        "touch ran                 | has no #! in its first line",
        "#!/bin/sh\\r\\ntouch ran   | has the line ends of Windows",
        "PK\u0003\u0004 garbage   | is no program either",
      })
  void whatTheKernelCannotExecuteIsNotGivenToAShell(String content, String why) throws Exception {
    Path program = Path.of(bench.script("flash.sh", ""));
    Files.writeString(program, content.replace("\\r", "\r").replace("\\n", "\n"));

    for (boolean withSetsid : new boolean[] {true, false}) {
      Optional<Path> setsid =
          withSetsid ? Optional.of(Path.of("/usr/bin/setsid")) : Optional.empty();
      Launcher launcher = new Launcher(Optional.of(bench.file("")), Map.of(), setsid);
      CommandAdapter adapter =
          CommandAdapter.read(
                  ScriptedSettings.installing(program.toString()).section(), new SystemClock())
              .with(new Programs(launcher, Duration.ofSeconds(10), new SystemClock()));

      assertThat(failure(adapter).sentence()).startsWith("The program " + program).contains(why);
      assertThat(bench.file("ran")).doesNotExist();
    }
  }
}
