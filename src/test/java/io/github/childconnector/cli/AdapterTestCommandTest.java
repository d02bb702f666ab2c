package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.disk.StorageLock;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
@IntegrationTest
class AdapterTestCommandTest {
  private static final Path EXAMPLES = Path.of("examples").toAbsolutePath();

  @TempDir private Path directory = Path.of("");
  private OperatorFiles files = new OperatorFiles(directory);
  private Path device = directory;

  @BeforeEach
  void setUp() throws IOException {
    files = new OperatorFiles(directory);
    device = Files.createDirectory(directory.resolve("device"));
    Files.writeString(directory.resolve("new"), "2.0\nbytes of the new firmware\n");
    Files.writeString(directory.resolve("old"), "1.0\nbytes of the old firmware\n");
    files.configure(
        OperatorFiles.child("plc-1"),
        "[[child]]\nid = \"plug\"\nadapter = \"httpupload\"",
        "[child.httpupload]\nurl = \"http://127.0.0.1/update\"");
  }

  private record Run(int exitCode, String out, String err) {}

  /** Words to which come the configuration and both images. */
  private Run test(String... words) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "adapter-test",
                "--config=" + files.config(),
                "--image=" + directory.resolve("new"),
                "--version=2.0",
                "--previous=" + directory.resolve("old"),
                "--previous-version=1.0"));
    line.addAll(List.of(words));
    return run(line);
  }

  private Run run(List<String> line) {
    List<AdapterProvider> adapters =
        ServiceLoader.load(AdapterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    ConfigLoader loader = new ConfigLoader(adapters, name -> Optional.empty());
    RecordingConsole console = new RecordingConsole(List.of(new AdapterTestCommand(loader)));
    int exitCode = console.execute(line.toArray(String[]::new));
    return new Run(exitCode, console.out(), console.err());
  }

  private String script(String body) throws IOException {
    Path script = Files.writeString(directory.resolve("flash.sh"), "#!/bin/sh\n" + body + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script.toString();
  }

  private String goodProgram() throws IOException {
    return script("set -eu; cp \"$1\" '%s/new'; mv '%<s/new' '%<s/image'".formatted(device));
  }

  @Test
  void aProgramIsTestedWithImageAndVersion() throws IOException {
    Run run = test("--only=same-firmware-again,last-update", goodProgram());

    assertThat(run.out())
        .startsWith("skip  read-version – no read_version is configured")
        .endsWith(
            "ok    install\nok    same-firmware-again\nok    last-update\n3 ok, 0 failed, 1 skipped\n");
    assertThat(run.err()).startsWith("Installing on adapter-test again and again");
    assertThat(run.exitCode()).isZero();
    assertThat(device.resolve("image")).hasSameBinaryContentAs(directory.resolve("new"));
  }

  @Test
  void aProgramThatFailsIsToldWithItsReason() throws IOException {
    Run run = test(script("echo 'the cable is loose' >&2; exit 3"));

    assertThat(run.out()).contains("FAIL  install – An update that nobody disturbs fails: The ");
    assertThat(run.out()).contains("exit status 3: the cable is loose.");
    assertThat(run.out()).contains("skip  full-disk – an update that nobody disturbs has to go");
    assertThat(run.exitCode()).isEqualTo(70);
  }

  @Test
  void jsonHasTheResultsAndTheirNumbers() throws IOException {
    Run run = test("--json", "--only=last-update", goodProgram());

    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("checks")).hasSize(3);
    assertThat(json.getAsJsonArray("checks").get(1).toString())
        .isEqualTo("{\"check\":\"install\",\"result\":\"ok\",\"text\":\"\"}");
    assertThat(json.get("ok").getAsInt()).isEqualTo(2);
    assertThat(json.get("failed").getAsInt()).isZero();
    assertThat(json.get("skipped").getAsInt()).isEqualTo(1);
  }

  @Test
  void aChildIsTestedAsItIsConfigured() throws IOException {
    files.configure(
        """
        [[child]]
        id = "plc-1"
        adapter = "file"
        [child.file]
        path = "%s/image"
        """
            .formatted(device));
    Run run = test("plc-1", "--only=full-disk,missing-image,last-update");

    assertThat(run.out())
        .contains("skip  full-disk – this child's installations run no program")
        .contains("ok    missing-image\n");
    assertThat(run.exitCode()).isZero();
    assertThat(device.resolve("image")).hasSameBinaryContentAs(directory.resolve("new"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plc-2                   | There is no child plc-2 in the configuration",
        "plug                    | Nothing of plug can be tested from here",
        "plc-1 --repeatable      | A CHILD takes no arguments",
        "plc-1 more              | A CHILD takes no arguments",
        "plc-1 --only=everything | There is no check everything for this; there are read-version",
        "./nothing               | /nothing is no program that this user may execute",
        "/bin/true --as=module --repeatable | /bin/true is taken for an update module",
        "plc-1 --timeout=soon    | 'soon' is not a length of time",
      })
  void whatMakesNoSenseIsRefused(String words, String sentence) {
    Run run = test(words.split(" "));

    assertThat(run.err()).contains(sentence);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(64);
  }

  @Test
  void imageAndVersionAreTheConsent() {
    assertThat(run(List.of("adapter-test", "plc-1")).err()).contains("--image", "--version");
    assertThat(run(List.of("adapter-test", "plc-1")).exitCode()).isEqualTo(64);
    Run run =
        run(List.of("adapter-test", "plc-1", "--version=2", "--image=" + directory.resolve("no")));
    assertThat(run.err()).contains("--image " + directory.resolve("no") + " is no file");
  }

  @Test
  void aRunningConnectorKeepsItsChildren() throws IOException {
    StorageLock connector = StorageLock.take(directory.resolve("state"));
    try (connector) {
      Run run = test("plc-1");

      assertThat(run.err())
          .startsWith("Stop the connector for as long as the test takes")
          .contains("another connector uses it");
      assertThat(run.exitCode()).isEqualTo(69);
    }
  }

  @Test
  void aChildWithAnUnfinishedUpdateIsLeftAlone() throws IOException {
    files.open();
    files.record("plc-1", "op-1", Stage.CHECKING, Stage.FETCHING);
    Run run = test("plc-1");

    assertThat(run.err())
        .startsWith("An update of plc-1 is not at its end (fetching, operation op-1)");
    assertThat(run.exitCode()).isEqualTo(69);
  }

  @Test
  void anInterruptEndsTheTestAndWhatItStarted() throws IOException {
    Thread.currentThread().interrupt();
    Run run = test(goodProgram());

    assertThat(Thread.interrupted()).isFalse();
    assertThat(run.err()).contains("Stopped, with everything it had started.");
    assertThat(run.exitCode()).isEqualTo(70);
  }

  @Test
  void theScratchDirectoryIsKeptOnlyIfWanted() throws IOException {
    String program = goodProgram();
    Run run = test("--keep", "--only=last-update", program);
    String kept =
        run.err()
            .lines()
            .filter(line -> line.startsWith("What was used"))
            .findFirst()
            .orElseThrow();
    Path scratch = Path.of(kept.replaceFirst(".* lies in (.*)\\.", "$1"));

    assertThat(scratch.resolve("connector.toml"))
        .content()
        .contains("install = [\"" + program + "\",\"{image}\",\"{version}\"]");
    try (Stream<Path> all = Files.walk(scratch)) {
      all.sorted((one, other) -> other.compareTo(one)).forEach(file -> file.toFile().delete());
    }
    assertThat(test("--only=last-update", program).err()).doesNotContain("What was used");
  }

  @Test
  void theExampleOfACommandPasses() {
    Run run = exampleOfACommand();
    // The kill may come after the end, where the machine is busy; not each time.
    for (int tries = 1; tries < 10 && run.out().contains("skip  killed-at-2/4"); tries++) {
      run = exampleOfACommand();
    }

    assertThat(run.out()).endsWith("\n10 ok, 0 failed, 0 skipped\n");
    assertThat(run.exitCode()).isZero();
  }

  private Run exampleOfACommand() {
    Path example = EXAMPLES.resolve("command");
    return test(
        "--only=rollback,rollback-twice,rollback-untouched,same-update-again,killed-at-2/4,full-disk,bare-service,lost-output",
        "--repeatable",
        "--read-version=" + example.resolve("read-version.sh") + " " + device,
        "--rollback=" + example.resolve("rollback.sh") + " " + device,
        "--",
        example.resolve("flash.sh").toString(),
        device.toString(),
        "{image}",
        "{version}");
  }

  @Test
  void theExampleOfAModulePasses() {
    Path example = EXAMPLES.resolve("module");
    Run run =
        test(
            "--only=rollback,commit-twice,killed-at-2/4,full-disk,states-twice,failure-states-twice",
            "--env=DEVICE=" + device,
            "--read-version=" + example.resolve("read-version.sh") + " " + device,
            example.resolve("module.sh").toString());

    assertThat(run.out()).contains(" 0 failed,", "ok    states-twice", "ok    full-disk");
    assertThat(run.exitCode()).isZero();
  }

  /** It exits with 0 when the old file could not be kept, which its authors did not want. */
  @Test
  void theSingleFileModuleOfDebianFailsByOneFaultOnly() throws IOException {
    Path module = debian("single-file");
    files.configure(
        "[[child]]\nid = \"plc-1\"\nadapter = \"module\"\nconfirm_timeout = \"200ms\"",
        "[child.module]",
        "program = \"" + module + "\"",
        "directory = \"" + directory.resolve("modules") + "\"",
        "read_version = [\"/usr/bin/head\", \"-n1\", \"" + device + "/plc.bin\"]",
        "file_name = \"plc.bin\"",
        "[child.module.files]\ndest_dir = \"" + device + "\"\nfilename = \"plc.bin\"");
    Files.copy(directory.resolve("old"), device.resolve("plc.bin"));
    Run run = test("plc-1", "--only=rollback,killed-at-2/4,full-disk,states-twice,file-tree");

    assertThat(run.out().lines().filter(line -> line.startsWith("FAIL")))
        .singleElement()
        .asString()
        .startsWith("FAIL  full-disk");
    assertThat(run.exitCode()).isEqualTo(70);
  }

  private static Path debian(String name) {
    String place = "usr/share/mender/modules/v3/" + name;
    Path module =
        Stream.of(Path.of("/" + place), Path.of("target/mender-client", place))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("/" + place))
            .toAbsolutePath();
    assumeTrue(Files.isExecutable(module), "there is no " + module + " (package mender-client)");
    return module;
  }
}
