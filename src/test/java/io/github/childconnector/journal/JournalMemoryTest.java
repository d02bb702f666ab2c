package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.Daemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packages' flags for Java, with a quarter of their heap, over a tenth of the operations that a
 * large gateway may remember: whoever holds a thing of each of them has no memory left.
 */
@IntegrationTest
class JournalMemoryTest {
  private static final Path LAUNCHER = Path.of("packaging", "tedge-child-connector");
  private static final Pattern FLAG = Pattern.compile("-X[^ ]+");
  private static final int COUNT = 10_000;

  @TempDir private Path directory = Path.of("");

  private static List<String> flags() throws Exception {
    String command = Files.readString(LAUNCHER).replaceFirst("(?s).*\nexec ", "");
    List<String> flags =
        new ArrayList<>(
            FLAG.matcher(command)
                .results()
                .map(found -> found.group())
                .filter(flag -> !flag.contains("SharedArchiveFile"))
                .toList());
    assertThat(flags).contains("-Xmx32m", "-XX:+ExitOnOutOfMemoryError");
    flags.addAll(List.of("-Xms8m", "-Xmx8m"));
    return flags;
  }

  /** Where an earlier version has left them, and then where they are put away. */
  @Test
  void memoryHoldsAnyNumberOfEndedOperations() throws Exception {
    ManyEntries.make(directory, COUNT);
    List<String> words = new ArrayList<>(flags());
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(ManyEntries.class.getName(), directory.toString(), "" + COUNT));
    try (Daemon process = Daemon.java(words, Map.of())) {
      int code = process.awaitExit();
      assertThat(process.log()).contains("All were found");
      assertThat(code).isZero();
    }
  }
}
