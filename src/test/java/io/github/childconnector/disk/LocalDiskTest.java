package io.github.childconnector.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {
  private final LocalDisk disk = new LocalDisk();

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileIsReplacedAsAWhole() throws IOException {
    Path file = directory.resolve("file");
    disk.replace(file, bytes("a longer text"));
    disk.replace(file, bytes("short"));
    assertThat(file).hasContent("short");
    assertThat(disk.list(directory)).containsExactly(file);
  }

  @Test
  void filesAreHandedOverOneByOneAndMayGoMeanwhile() throws IOException {
    disk.createDirectory(directory.resolve("inner"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(directory.resolve(name), name);
    }
    List<Path> seen = new ArrayList<>();
    disk.visit(
        directory,
        file -> {
          disk.delete(file);
          return seen.add(file);
        });
    assertThat(seen).hasSize(3).allMatch(file -> file.startsWith(directory));
    assertThat(disk.list(directory)).isEmpty();
  }

  @Test
  void noMoreIsHandedOverThanIsWanted() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(directory.resolve(name), name);
    }
    List<Path> seen = new ArrayList<>();
    disk.visit(directory, file -> seen.add(file) && seen.size() < 2);
    assertThat(seen).hasSize(2);
    assertThatThrownBy(() -> disk.visit(directory.resolve("none"), seen::add))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatAnInterruptedThreadBeganToWriteItEnds() throws IOException {
    Path file = directory.resolve("file");
    Thread.currentThread().interrupt();
    disk.replace(file, bytes("written"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("written");
  }

  @Test
  void appendingGoesOnWhereTheFileEnds() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one ");
    try (Disk.Output output = disk.append(file)) {
      output.write(bytes("two, and no more"), 3);
    }
    assertThat(file).hasContent("one two");
    assertThat(disk.size(file)).isEqualTo(7);
    assertThat(disk.size(directory.resolve("none"))).isZero();
  }

  @Test
  void aDirectoryComesWithItsParents() throws IOException {
    Path deep = directory.resolve("a").resolve("b").resolve("c");
    disk.createDirectory(deep);
    disk.createDirectory(deep);
    assertThat(deep).isDirectory();
    disk.createDirectory(Path.of("target"));
    disk.createDirectory(Path.of("/"));
  }

  @Test
  void theSpaceOfADirectoryThatIsGoneIsNotNone() throws IOException {
    assertThat(disk.usableSpace(directory)).isPositive();
    assertThatThrownBy(() -> disk.usableSpace(directory.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
