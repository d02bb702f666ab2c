package io.github.childconnector.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.TestConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of {@code examples/drogue} is valid, with and without its "#". */
@NullMarked
final class DrogueExampleTest {
  private static final Path EXAMPLE = Path.of("examples/drogue/connector.toml");

  @TempDir Path directory;

  private String effective(String children) throws Exception {
    Files.createDirectories(directory.resolve("tedge"));
    String tedge = "[thin_edge]\nconfig_dir = \"" + directory.resolve("tedge") + "\"\n";
    Files.writeString(directory.resolve("tedge/tedge.toml"), "");
    Path file = Files.writeString(directory.resolve("connector.toml"), tedge + children);
    return TestConnector.ofThisMachine().loader().read(file).effective();
  }

  private static String allSet() throws IOException {
    return Files.readString(EXAMPLE).replaceAll("(?m)^( *)#(?=[a-z_]+ = |\\[|  )", "$1");
  }

  @Test
  void isValid() throws Exception {
    assertThat(effective(Files.readString(EXAMPLE)))
        .contains("transport = \"mqtt\"")
        .doesNotContain("transport = \"http\"");
    assertThat(effective(allSet()))
        .contains("transport = \"mqtt\"")
        .contains("transport = \"drogue-cloud\"")
        .contains("transport = \"http\"")
        .contains("port = 1883");
  }
}
