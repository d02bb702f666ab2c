package io.github.childconnector.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageLockTest {
  private static final String USER = System.getProperty("user.name");

  @TempDir private Path directory = Path.of("");

  @Test
  void whatItCreatesIsNotForEverybody() throws IOException {
    Path storage = directory.resolve("made/state");
    StorageLock.take(storage).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(storage)))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void theDirectoryIsCreatedAndFreeAgainAfterwards() throws IOException {
    Path storage = directory.resolve("a/b");
    assertThat(StorageLock.isThere(storage)).isFalse();
    StorageLock.take(storage).close();
    assertThat(StorageLock.isThere(storage)).isTrue();
    StorageLock.take(storage).close();

    assertThat(storage.resolve("lock")).exists();
  }

  @Test
  void aSecondConnectorIsRefused() throws IOException {
    try (StorageLock held = StorageLock.take(directory)) {
      assertThatThrownBy(() -> StorageLock.take(directory))
          .hasMessage(
              "storage.directory %s cannot be used: another connector uses it; stop that one, or give"
                      .formatted(directory)
                  + " each a storage.directory of its own");
      assertThat(held).isNotNull();
    }
  }

  @Test
  void aFileIsNoStorage() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> StorageLock.take(file))
        .hasMessage(
            "storage.directory %s cannot be used: %<s is not a directory; move it away, or name another"
                    .formatted(file)
                + " place");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "operations", "images"})
  void whatAnotherUserMadeIsNoticedAtOnce(String name) throws IOException {
    Path made = Files.createDirectories(directory.resolve(name)).toAbsolutePath();
    assertThat(made.toFile().setWritable(false)).isTrue();
    assumeFalse(Files.isWritable(made), "root may write anywhere");

    try {
      assertThatThrownBy(() -> StorageLock.take(directory, made))
          .hasMessageEndingWith(
              made + " may not be used by the user " + USER + "; give it to that user (chown)");
    } finally {
      assertThat(made.toFile().setWritable(true)).isTrue();
    }
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of(
            new AccessDeniedException("/x"),
            "/x may not be used by the user " + USER + "; give it to that user (chown)"),
        Arguments.of(
            new NoSuchFileException("/x"),
            "/x is not there and cannot be created; create its directory, or name another place"),
        Arguments.of(
            new FileAlreadyExistsException("/x"),
            "/x is not a directory; move it away, or name another place"),
        Arguments.of(
            new FileSystemException("/x", null, "Read-only file system"),
            "/x: Read-only file system; look into dmesg for what has happened to the disk, then let"
                + " it be written again (mount -o remount,rw)"),
        Arguments.of(
            new FileSystemLoopException("/x"), "java.nio.file.FileSystemLoopException: /x"),
        Arguments.of(
            new FileSystemException("/x", null, "Too many open files"),
            "/x: Too many open files; see with ls -l /proc/"
                + ProcessHandle.current().pid()
                + "/fd which ones, and raise LimitNOFILE of the service if they are needed"),
        Arguments.of(new IOException("No space left on device"), "No space left on device"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void whatIsWrongIsSaidInWords(IOException trouble, String sentence) {
    assertThat(FileTrouble.sentence(trouble)).isEqualTo(sentence);
  }
}
