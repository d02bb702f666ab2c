package io.github.childconnector.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.SystemClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CommandAdapterProviderTest {
  private static final List<String> PROGRAM = List.of("/no/such/program", "{version}");

  private static DeviceAdapter create(ScriptedSettings settings) {
    return new CommandAdapterProvider().create(Bench.CHILD, settings.section());
  }

  private static List<String> problems(ScriptedSettings settings) {
    create(settings);
    return settings.problems();
  }

  private static ScriptedSettings valid() {
    return new ScriptedSettings().with("install", PROGRAM);
  }

  @Test
  void isFoundByItsName() {
    assertThat(ServiceLoader.load(AdapterProvider.class))
        .filteredOn(provider -> provider.name().equals("command"))
        .hasSize(1);
  }

  @Test
  void offersOnlyWhatIsConfigured() {
    DeviceAdapter adapter = create(valid());

    assertThat(adapter.versionReader()).isEmpty();
    assertThat(adapter.rollback()).isEmpty();
    assertThat(adapter.isRepeatable()).isFalse();
  }

  @Test
  void offersAllThatIsConfiguredAndTouchesNoFile() {
    ScriptedSettings settings =
        valid()
            .with("read_version", PROGRAM)
            .with("rollback", PROGRAM)
            .with("repeatable", true)
            .with("working_directory", "/no/such/directory")
            .with("environment", Map.of("PIN", "1234"))
            .with("stop_grace", Duration.ZERO);
    DeviceAdapter adapter = create(settings);

    assertThat(settings.problems()).isEmpty();
    assertThat(adapter.versionReader()).isPresent();
    assertThat(adapter.rollback()).isPresent();
    assertThat(adapter.isRepeatable()).isTrue();
  }

  @Test
  void asksForInstallWithASample() {
    assertThat(problems(new ScriptedSettings()))
        .singleElement()
        .asString()
        .startsWith("install is missing")
        .contains("install = [\"/opt/plc/flash.sh\", \"{image}\", \"{version}\"]");
  }

  @Test
  void refusesTheImageWhereThereIsNone() {
    List<String> withImage = List.of("p", "{image}");

    assertThat(problems(valid().with("read_version", withImage).with("rollback", withImage)))
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .contains("{image}\", which has no value here; use {name} {version}"));
  }

  @Test
  void refusesARelativeWorkingDirectory() {
    assertThat(problems(valid().with("working_directory", "plc")))
        .containsExactly(
            "working_directory must be an absolute path, one that begins with /, not \"plc\"");
    assertThat(problems(valid().with("working_directory", "/a\0b"))).hasSize(1);
  }

  @Test
  void refusesAStopGraceTheServiceManagerWouldNotGrant() {
    assertThat(problems(valid().with("stop_grace", Duration.ofSeconds(61)))).hasSize(1);
    assertThat(problems(valid().with("stop_grace", Duration.ofSeconds(-1)))).hasSize(1);
  }

  @Test
  void refusesVariablesThatCannotBeAndNeverShowsTheirValues() {
    Map<String, String> environment =
        Map.of("A=B", "secret1", "", "secret2", "FIRMWARE_IMAGE", "secret3", "PIN", "sec\0ret4");

    assertThat(problems(valid().with("environment", environment)))
        .hasSize(4)
        .allSatisfy(problem -> assertThat(problem).startsWith("environment cannot hold the"))
        .noneSatisfy(problem -> assertThat(problem).contains("sec"));
  }

  @Test
  void theAdapterDoesNotShowTheEnvironmentInTheLog() {
    ScriptedSettings settings = valid().with("environment", Map.of("PIN", "secret"));

    assertThat(CommandAdapter.read(settings.section(), new SystemClock()).toString())
        .startsWith("command ")
        .doesNotContain("secret");
  }
}
