package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.adapter.program.ScriptedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleAdapterProviderTest {
  private static DeviceAdapter create(ScriptedSettings settings) {
    return new ModuleAdapterProvider().create(ModuleBench.CHILD, settings.section());
  }

  private static List<String> problems(ScriptedSettings settings) {
    create(settings);
    return settings.problems();
  }

  private static ScriptedSettings valid() {
    return new ScriptedSettings().with("program", "/no/such").with("directory", "/no/place");
  }

  @Test
  void isFoundByItsName() {
    assertThat(ServiceLoader.load(AdapterProvider.class))
        .filteredOn(provider -> provider.name().equals("module"))
        .hasSize(1);
  }

  @Test
  void offersWhatTheProtocolHas() {
    DeviceAdapter adapter = create(valid());

    assertThat(adapter.versionReader()).isEmpty();
    assertThat(adapter.rollback()).isPresent();
    assertThat(adapter.commitment()).isPresent();
    assertThat(adapter.isRepeatable()).isFalse();
  }

  @Test
  void takesAllKeysAndTouchesNoFile() {
    ScriptedSettings settings =
        valid()
            .with("payload_type", "single-file")
            .with("device_type", "plc")
            .with("file_name", "plc.bin")
            .with("files", Map.of("dest_dir", "/srv"))
            .with("meta_data", "{\"slot\": 2}")
            .with("read_version", List.of("/no/program", "{child}"))
            .with("environment", Map.of("PIN", "1234"))
            .with("stop_grace", Duration.ZERO);

    assertThat(create(settings).versionReader()).isPresent();
    assertThat(settings.problems()).isEmpty();
  }

  @Test
  void asksForWhatIsRequiredWithASample() {
    assertThat(problems(new ScriptedSettings()))
        .hasSize(2)
        .anyMatch(it -> it.startsWith("program is missing") && it.contains("program = \"/opt"))
        .anyMatch(it -> it.startsWith("directory is missing") && it.contains("directory = \"/var"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/lib/my modules", "/var/lib/a:b", "/var/lib/{image}", "/var/$x"})
  void refusesADirectoryThatModulesMisread(String directory) {
    assertThat(problems(valid().with("directory", directory)))
        .singleElement()
        .asString()
        .startsWith("directory may confuse modules");
  }

  @ParameterizedTest
  @CsvSource({
    "program, module, must be an absolute path",
    "directory, modules, must be an absolute path",
    "file_name, a/b, cannot be the name of a file",
    "file_name, .hidden, cannot be the name of a file",
    "meta_data, [1], is no JSON object",
    "meta_data, {, is no JSON object",
  })
  void saysWhatIsWrong(String key, String value, String problem) {
    assertThat(problems(valid().with(key, value)))
        .singleElement()
        .asString()
        .startsWith(key + " " + problem);
  }

  @Test
  void refusesLineBreaksWhereModulesReadOneLine() {
    assertThat(problems(valid().with("device_type", "a\nb").with("payload_type", "a\nb")))
        .hasSize(2)
        .allMatch(problem -> problem.contains("line break"));
  }

  @Test
  void refusesFilesThatCannotBeOrAreTheImage() {
    Map<String, String> files = Map.of("../x", "secret", "firmware.bin", "secret");

    assertThat(problems(valid().with("files", files)))
        .hasSize(2)
        .noneMatch(problem -> problem.contains("secret"));
  }

  @Test
  void settingsDoNotShowWhatIsNeverShown() {
    ScriptedSettings settings =
        valid().with("environment", Map.of("PIN", "secret")).with("files", Map.of("a", "secret"));

    assertThat(
            ModuleSettings.read(
                    ModuleBench.CHILD,
                    settings.section(),
                    new ProgramSettingsReader(settings.section()))
                .toString())
        .contains("/")
        .doesNotContain("secret");
  }
}
