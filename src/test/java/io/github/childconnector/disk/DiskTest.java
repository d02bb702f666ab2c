package io.github.childconnector.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class DiskTest {
  private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private final BrokenDisk disk = new BrokenDisk();
  private Path file = Path.of("");

  @BeforeEach
  void create() throws IOException {
    file = Files.writeString(Files.createDirectory(directory.resolve("d")).resolve("f"), "old");
  }

  @Test
  void theContentIsOnTheDiskBeforeItsNameAndTheNameBeforeItReturns() throws IOException {
    disk.replace(file, NEW);
    assertThat(file).hasContent("new");
    assertThat(disk.changes())
        .containsExactly(
            "create f.tmp", "write f.tmp", "force f.tmp", "rename f", "forceDirectory d");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whatEndsHalfwayLeavesTheOldContent(int changes) {
    disk.breakAfter(changes);
    assertThatThrownBy(() -> disk.replace(file, NEW)).isInstanceOf(IOException.class);
    assertThat(file).hasContent("old");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whatFailsLeavesNothingHalfWritten(int call) {
    disk.fail(call, 1, "No space left on device");
    assertThatThrownBy(() -> disk.replace(file, NEW)).hasMessageContaining("No space");
    assertThat(file.resolveSibling("f.tmp")).doesNotExist();
  }

  @Test
  void itIsNotCertainBeforeTheDirectoryIsOnTheDisk() {
    disk.breakAfter(4);
    assertThatThrownBy(() -> disk.replace(file, NEW)).isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptedThreadWritesToTheEndAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    new LocalDisk().replace(file, NEW);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("new");
  }
}
