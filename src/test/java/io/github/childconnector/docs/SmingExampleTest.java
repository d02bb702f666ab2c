package io.github.childconnector.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.TestConnector;
import io.github.childconnector.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** The configuration of {@code examples/sming} is valid, with and without its "#". */
class SmingExampleTest {
  private static final Path EXAMPLE = Path.of("examples/sming/connector.toml");

  @TempDir Path directory;

  private String effective(String children) throws Exception {
    Files.createDirectories(directory.resolve("tedge"));
    String tedge = "[thin_edge]\nconfig_dir = \"" + directory.resolve("tedge") + "\"\n";
    Files.writeString(directory.resolve("tedge/tedge.toml"), "");
    Path file = Files.writeString(directory.resolve("connector.toml"), tedge + children);
    return TestConnector.ofThisMachine().loader().read(file).effective();
  }

  private static String allSet() throws IOException {
    return Files.readString(EXAMPLE).replaceAll("(?m)^#(?=[a-z_]+ = )", "");
  }

  private static Set<String> keys(String toml) {
    TomlParseResult document = Toml.parse(toml);
    assertThat(document.errors()).isEmpty();
    return new TreeSet<>(
        document.getArrayOrEmpty("child").getTable(0).getTableOrEmpty("sming").keySet());
  }

  @Test
  void isValid() throws Exception {
    assertThat(effective(Files.readString(EXAMPLE))).contains("app = \"weather\"");
    assertThat(effective(allSet())).contains("format = \"raw\"");
  }

  @Test
  void aPortThatIsNoneIsRefused() throws Exception {
    String wrong = allSet().replace("port = 1883", "port = 70000");

    assertThatThrownBy(() -> effective(wrong))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems().toString())
                    .contains("sming.port: must be a number from 1 to 65535"));
  }

  @Test
  void holdsEveryKeyOfTheAdapter() throws Exception {
    assertThat(keys(allSet()))
        .hasSizeGreaterThan(20)
        .isEqualTo(keys(effective(Files.readString(EXAMPLE))));
  }
}
