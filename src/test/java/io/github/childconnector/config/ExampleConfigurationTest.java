package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.AdapterProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** The example shows every key with its default, and is valid with and without its "#". */
@NullMarked
final class ExampleConfigurationTest {
  private static final Path EXAMPLE = Path.of("examples/configuration/connector.toml");

  @TempDir private Path directory = Path.of(".");
  private Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() throws IOException {
    workplace =
        new Workplace(directory)
            .adapters(adapters())
            .file("as-it-is.toml", lines().collect(joining("\n")))
            .file("all-set.toml", allSet().collect(joining("\n")))
            .file("defaults.toml", "")
            .file("tedge/tedge.toml", "")
            .adapters(
                Stream.concat(Stream.of(new FakeCommandProvider()), otherAdapters())
                    .toArray(AdapterProvider[]::new));
  }

  /** Those of this installation but the one whose place a double takes. */
  private static Stream<AdapterProvider> otherAdapters() {
    return ServiceLoader.load(AdapterProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> !provider.name().equals("command"));
  }

  /** Those of this installation, but for the one whose settings can be compared. */
  private static AdapterProvider[] adapters() {
    Stream<AdapterProvider> others =
        ServiceLoader.load(AdapterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> !provider.name().equals("command"));
    return Stream.concat(Stream.of(new FakeCommandProvider()), others)
        .toArray(AdapterProvider[]::new);
  }

  private static Stream<String> lines() throws IOException {
    return Files.readAllLines(EXAMPLE).stream();
  }

  private static Stream<String> allSet() throws IOException {
    return lines()
        .map(line -> line.replaceFirst("^#(?=[\\[a-z])", ""))
        .map(line -> line.replace("/etc/tedge\"", "$DIR/tedge\""));
  }

  @Test
  void changesNothingAsItIs() throws ConfigurationException {
    assertThat(workplace.load("as-it-is.toml")).isEqualTo(workplace.load("defaults.toml"));
    assertThat(workplace.effective("as-it-is.toml"))
        .isEqualTo(workplace.effective("defaults.toml"));
  }

  @Test
  void statesTheDefaults() throws ConfigurationException {
    String stated = settings(workplace.effective("all-set.toml"));

    assertThat(stated).startsWith(settings(workplace.effective("defaults.toml")));
  }

  private static String settings(String effective) {
    return effective.lines().map(line -> line.replaceFirst(" # .*", "")).collect(joining("\n"));
  }

  @Test
  void statesTheDefaultsOfAChild() throws IOException, ConfigurationException {
    String optional = "external_id = .*|bus = .*|.*_timeout = .*|rep.*|stop_.*|roll.*|work.*";
    workplace.file(
        "bare.toml", allSet().filter(line -> !line.matches(optional)).collect(joining("\n")));

    assertThat(workplace.load("bare.toml").children().get(0))
        .isEqualTo(workplace.load("all-set.toml").children().get(0));
  }

  /** With the adapters of this installation, not with one made for the test. */
  @Test
  void showsEveryKey() throws IOException, ConfigurationException {
    workplace.adapters(
        ServiceLoader.load(AdapterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toArray(AdapterProvider[]::new));
    Set<String> known = keys(workplace.effective("all-set.toml"));

    assertThat(keys(allSet().collect(joining("\n")))).containsExactlyElementsOf(known);
    assertThat(known).hasSizeGreaterThan(40);
  }

  private static Set<String> keys(String toml) {
    Set<String> keys = new TreeSet<>();
    addKeys(keys, "", Toml.parse(toml));
    return keys;
  }

  private static void addKeys(Set<String> keys, String path, TomlTable table) {
    table.entrySet().forEach(entry -> addKeys(keys, path + "." + entry.getKey(), entry.getValue()));
  }

  private static void addKeys(Set<String> keys, String path, Object value) {
    keys.add(path);
    if (value instanceof TomlTable table) {
      addKeys(keys, path, table);
    } else if (value instanceof TomlArray list && !list.isEmpty() && list.isTable(0)) {
      list.toList().forEach(item -> addKeys(keys, path, (TomlTable) item));
    }
  }
}
