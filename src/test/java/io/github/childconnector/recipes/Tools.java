package io.github.childconnector.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The flashers' tools: installed, or unpacked by {@code .ci/run}. */
final class Tools {
  private static final Path PLACE = Path.of("target/recipes").toAbsolutePath();
  private static final Path ROOT = PLACE.resolve("root");

  private Tools() {}

  /** What finds them, with the libraries they were unpacked with. */
  static Map<String, String> environment() {
    return Map.of(
        "PATH", path(),
        "LD_LIBRARY_PATH", libraries(),
        "PYTHONPATH", PLACE.resolve("python").toString(),
        "OPENOCD_SCRIPTS", ROOT.resolve("usr/share/openocd/scripts").toString());
  }

  private static String path() {
    String own =
        Stream.of("usr/bin", "usr/sbin", "bin")
            .map(folder -> ROOT.resolve(folder).toString())
            .collect(Collectors.joining(":"));
    String system = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return own + ":" + PLACE.resolve("python/bin") + ":" + system + ":/usr/sbin";
  }

  /** Every folder with libraries among what was unpacked. */
  private static String libraries() {
    if (!Files.isDirectory(ROOT)) {
      return "";
    }
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().contains("/lib/") && file.toString().contains(".so"))
          .filter(file -> Files.isRegularFile(file))
          .map(file -> file.getParent().toString())
          .distinct()
          .filter(folder -> !folder.contains("engines") && !folder.contains("plugins"))
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      return "";
    }
  }

  static boolean isThere(String tool) {
    return Stream.of(path().split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** Writes an executable shell script. */
  static Path script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
