package io.github.childconnector.world;

import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.stream.Stream;

/** The jar as users have it, which the full build makes of the classes. */
public final class BuiltJar {
  private static final Path JAR = Path.of("target", "tedge-child-connector.jar");

  private BuiltJar() {}

  /**
   * Returns where it is.
   *
   * @throws AssertionError it is older than a class of this build, so that another program would be
   *     tested
   */
  public static Path path() {
    try {
      Path newest = newestClass();
      if (Files.notExists(JAR) || time(JAR).compareTo(time(newest)) < 0) {
        throw new AssertionError(
            JAR + " is older than " + newest + ". Build it by mvn test-compile (without -Pquick).");
      }
      return JAR;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path newestClass() throws IOException {
    try (Stream<Path> files = Files.walk(classes())) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .max(Comparator.comparing(BuiltJar::time))
          .orElseThrow();
    }
  }

  /** Where the classes of the program are that this test sees. */
  private static Path classes() {
    try {
      return Path.of(Stage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
