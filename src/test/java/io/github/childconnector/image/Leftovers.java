package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a piece of work may leave behind in this process: open files, connections and threads. */
record Leftovers(long descriptors, List<String> threads) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  static Leftovers now() {
    return new Leftovers(open(), running());
  }

  /** Fails unless all of it goes away soon. */
  void assertNoMoreNow() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              Leftovers now = now();
              assertThat(now.descriptors).isLessThanOrEqualTo(descriptors);
              assertThat(now.threads).isSubsetOf(threads);
            });
  }

  private static long open() {
    File[] files = DESCRIPTORS.toFile().listFiles();
    return Stream.ofNullable(files)
        .flatMap(Stream::of)
        .flatMap(file -> target(file.toPath()).stream())
        .filter(target -> target.startsWith("socket:") || target.endsWith(".part"))
        .count();
  }

  private static Optional<String> target(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Without those of Java's HTTP client, which this Java cannot close, and those of tests. */
  private static List<String> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.matches("(HttpClient-|scripted-server-|awaitility-).*"))
        .toList();
  }
}
