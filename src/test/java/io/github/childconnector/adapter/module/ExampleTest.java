package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ScriptedSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** The module and the configuration of {@code examples/module} do what their README says. */
@Timeout(300)
@IntegrationTest
class ExampleTest {
  private static final Path EXAMPLE = Path.of("examples/module").toAbsolutePath();

  private ModuleBench bench;
  private Path device;
  private DeviceAdapter adapter;

  @BeforeEach
  void setUp(@TempDir Path directory) throws Exception {
    bench = new ModuleBench(directory);
    device = Files.createDirectory(directory.resolve("my device"));
    TomlParseResult toml = Toml.parse(EXAMPLE.resolve("connector.toml"));
    assertThat(toml.errors()).isEmpty();
    TomlTable table = toml.getArrayOrEmpty("child").getTable(0).getTableOrEmpty("module");
    adapter = ModuleBench.adapter(settings(table));
  }

  private ScriptedSettings settings(TomlTable table) {
    List<String> readVersion =
        table.getArrayOrEmpty("read_version").toList().stream().map(this::here).toList();
    String place = table.getTableOrEmpty("environment").getString("DEVICE");
    return bench
        .program(Path.of(here(table.getString("program"))))
        .with("read_version", readVersion)
        .with("environment", Map.of("DEVICE", here(place)));
  }

  /** The places of this test for those of an installation. */
  private String here(Object word) {
    return String.valueOf(word)
        .replace("/opt/example-module", EXAMPLE.toString())
        .replace("/var/lib/example-device", device.toString());
  }

  private String version() throws Exception {
    return adapter.versionReader().orElseThrow().readVersion(bench.update());
  }

  @Test
  void flashesANewDevice() throws Exception {
    assertThat(version()).isEqualTo("none");
    assertThat(bench.run(adapter)).isEmpty();

    assertThat(version()).isEqualTo("2.0");
    assertThat(device.resolve("firmware")).hasContent("bytes of 2.0");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void goesBackToWhatWasThere() throws Exception {
    Files.writeString(device.resolve("version"), "1.0\n");
    Files.writeString(device.resolve("firmware"), "bytes of 1.0");
    adapter.install(bench.installation(), bench.progress);
    assertThat(version()).isEqualTo("2.0");

    assertThat(bench.restore(adapter)).isEmpty();
    assertThat(version()).isEqualTo("1.0");
    assertThat(device.resolve("firmware")).hasContent("bytes of 1.0");
  }

  @Test
  void goesBackToNothing() throws Exception {
    adapter.install(bench.installation(), bench.progress);

    assertThat(bench.restore(adapter)).isEmpty();
    assertThat(version()).isEqualTo("none");
    assertThat(device).isEmptyDirectory();
  }

  @Test
  void saysThatThereIsNoDevice() throws Exception {
    Files.delete(device);

    assertThat(bench.run(adapter).orElseThrow()).contains("there is no device at " + device);
  }
}
