package io.github.childconnector.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of a command's own, removed with it unless it is to be kept. */
final class Scratch implements AutoCloseable {
  private final Path directory;
  private final boolean keeps;
  private final PrintWriter err;

  private Scratch(Path directory, boolean keeps, PrintWriter err) {
    this.directory = directory;
    this.keeps = keeps;
    this.err = err;
  }

  /** Makes one where temporary files are. */
  static Scratch make(boolean keeps, PrintWriter err) throws IOException {
    return new Scratch(Files.createTempDirectory("adapter-test-").toRealPath(), keeps, err);
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    if (keeps) {
      err.println("What was used lies in " + directory + ".");
      err.flush();
    } else {
      remove();
    }
  }

  private void remove() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
