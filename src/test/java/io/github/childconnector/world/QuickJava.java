package io.github.childconnector.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The options with which Java starts this build's classes in half the time: from one archive of
 * classes that are loaded and verified already. Such archives take classes out of jars only, so
 * what the build has left in directories is put into one.
 */
@NullMarked
public final class QuickJava {
  private final Path archive;
  private final String classPath;

  public QuickJava(Path directory) throws IOException {
    this.archive = directory.resolve("classes.jsa");
    Path jar = directory.resolve("classes.jar");
    // Surefire's ends with a colon, and an empty path would be the whole working directory.
    List<Path> all =
        Stream.of(System.getProperty("java.class.path").split(":", -1))
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .toList();
    collect(all.stream().filter(Files::isDirectory).toList(), jar);
    this.classPath =
        Stream.concat(Stream.of(jar), all.stream().filter(Files::isRegularFile))
            .map(Path::toString)
            .collect(Collectors.joining(":"));
  }

  private static void collect(List<Path> directories, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      Set<String> names = new HashSet<>();
      for (Path directory : directories) {
        add(directory, names, out);
      }
    }
  }

  private static void add(Path directory, Set<String> names, JarOutputStream out)
      throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        // As in a class path, the first of a name is taken.
        if (names.add(name)) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(file, out);
        }
      }
    }
  }

  /** For a first start, which leaves the archive behind when it ends in order. */
  public List<String> recording() {
    return List.of(
        "-cp",
        classPath,
        "-XX:ArchiveClassesAtExit=" + archive,
        "-Xlog:cds=off",
        "-Xlog:cds+dynamic=off");
  }

  /** For all others. */
  public List<String> options() {
    return Files.exists(archive)
        ? List.of("-cp", classPath, "-XX:SharedArchiveFile=" + archive)
        : List.of("-cp", classPath);
  }
}
