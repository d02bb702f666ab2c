package io.github.childconnector.adapter.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** The scripts and the configuration of {@code examples/command} do what their README says. */
@IntegrationTest
class ExampleTest {
  private static final Path EXAMPLE = Path.of("examples/command");

  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;
  private Path device;
  private DeviceAdapter adapter;

  @BeforeEach
  void setUp(@TempDir Path directory) throws Exception {
    this.directory = directory;
    device = Files.createDirectory(directory.resolve("my device"));
    TomlTable table = table();
    ScriptedSettings settings =
        new ScriptedSettings()
            .with("install", command(table, "install"))
            .with("read_version", command(table, "read_version"))
            .with("rollback", command(table, "rollback"))
            .with("repeatable", Boolean.TRUE.equals(table.getBoolean("repeatable")));
    adapter = Bench.adapter(settings);
  }

  private static TomlTable table() throws Exception {
    TomlParseResult toml = Toml.parse(EXAMPLE.resolve("connector.toml"));
    assertThat(toml.errors()).isEmpty();
    return toml.getArrayOrEmpty("child").getTable(0).getTableOrEmpty("command");
  }

  /** A command of the snippet, with the places of this test for those of an installation. */
  private List<String> command(TomlTable table, String key) {
    TomlArray words = table.getArrayOrEmpty(key);
    return words.toList().stream()
        .map(Object::toString)
        .map(
            word ->
                word.replace("/opt/example-device", EXAMPLE.toAbsolutePath().toString())
                    .replace("/var/lib/example-device", device.toString()))
        .toList();
  }

  private FirmwareUpdate update(String operation, String version, Sha256 digest) {
    return Samples.update(Bench.CHILD, operation, new Firmware("demo", version), digest);
  }

  private FirmwareUpdate install(String operation, String version, int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    var image = FirmwareImages.verified(Files.write(directory.resolve("image"), bytes));
    FirmwareUpdate update = update(operation, version, image.digest());
    adapter.install(new Installation(update, image), progress);
    return update;
  }

  private String version() throws Exception {
    FirmwareUpdate any = update("any", "any", new Sha256("0".repeat(64)));
    return adapter.versionReader().orElseThrow().readVersion(any);
  }

  @Test
  void flashesANewDevice() throws Exception {
    assertThat(version()).isEqualTo("none");
    install("1", "2.0 beta", 2_500_000);

    assertThat(version()).isEqualTo("2.0 beta");
    assertThat(device.resolve("slot-a/image")).hasSameBinaryContentAs(directory.resolve("image"));
    assertThat(progress.said())
        .containsExactly(
            "step PREPARE", "step WRITE", "33%", "66%", "100%", "step ATTACH", "slot a runs now");
  }

  @Test
  void flashesAnEmptyImage() throws Exception {
    install("1", "0", 0);
    assertThat(version()).isEqualTo("0");
  }

  @Test
  void alternatesBetweenTheSlotsAndRollsBackItsOwnOperationOnly() throws Exception {
    FirmwareUpdate first = install("1", "1.0", 10);
    FirmwareUpdate second = install("2", "2.0", 20);
    assertThat(version()).isEqualTo("2.0");

    adapter.rollback().orElseThrow().restore(first, progress);
    assertThat(version()).isEqualTo("2.0");
    adapter.rollback().orElseThrow().restore(second, progress);
    assertThat(version()).isEqualTo("1.0");
    adapter.rollback().orElseThrow().restore(second, progress);
    assertThat(version()).isEqualTo("1.0");
  }

  @Test
  void mayBeRepeatedAfterItsEnd() throws Exception {
    install("1", "1.0", 10);
    FirmwareUpdate second = install("2", "2.0", 20);
    install("2", "2.0", 20);
    assertThat(adapter.isRepeatable()).isTrue();
    assertThat(version()).isEqualTo("2.0");

    adapter.rollback().orElseThrow().restore(second, progress);
    assertThat(version()).isEqualTo("1.0");
  }

  @Test
  void isBusyWhileItsLockIsThere() throws Exception {
    Files.createFile(device.resolve("busy"));
    assertThatThrownBy(() -> install("1", "1.0", 10))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("the device at " + device + " is in use");
    assertThat(device)
        .isDirectoryContaining("glob:**/busy")
        .isDirectoryNotContaining("glob:**/slot*");
  }

  @Test
  void refusesADigestThatItsMemoryDoesNotShow() throws Exception {
    var image = FirmwareImages.verified(Files.writeString(directory.resolve("image"), "bad"));
    FirmwareUpdate update = update("1", "1.0", Sha256.of("good".getBytes(UTF_8)));

    assertThatThrownBy(() -> adapter.install(new Installation(update, image), progress))
        .hasMessageContaining("slot a did not keep what was written to it");
    assertThat(version()).isEqualTo("none");
  }

  @Test
  void saysThatTheDeviceIsNotThere() throws Exception {
    Files.delete(device);

    assertThatThrownBy(() -> install("1", "1.0", 10))
        .hasMessageContaining("there is no device at " + device + "; connect it");
    assertThatThrownBy(this::version).hasMessageContaining("there is no device at " + device);
  }

  @Test
  void theSnippetHoldsEveryKeyOfTheAdapter() throws Exception {
    assertThat(table().keySet())
        .containsExactlyInAnyOrder(
            "install",
            "read_version",
            "rollback",
            "working_directory",
            "repeatable",
            "stop_grace",
            "environment");
  }
}
