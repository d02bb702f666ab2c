package io.github.childconnector.docs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * A machine in a directory, on which the script that collects for support finds an installed
 * connector and the programs it asks. Whatever is secret there contains "s3cret". The connector is
 * this build's where it checks its configuration.
 */
@NullMarked
final class DiagBench {
  private static final Path SCRIPT =
      Path.of("packaging/diag-plugin/50_tedge-child-connector.sh").toAbsolutePath();

  private final Path root;
  private final Path programs;
  private final Path output;
  private String path;

  DiagBench(Path root) throws IOException {
    this.root = root;
    programs = Files.createDirectory(root.resolve("programs"));
    output = Files.createDirectory(root.resolve("the output"));
    path = programs + ":/usr/bin:/bin";
    connector(
        """
        case $1 in
          --version) echo tedge-child-connector 9.8.7 with $JAVA_OPTS ;;
          check-config) exec "%s" -XX:TieredStopAtLevel=1 -cp "%s" io.github.childconnector.Main "$@" ;;
          status) echo "{ $* }" ;;
        esac
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    // The script bounds each call, and a busy machine may take longer to start Java.
    program("timeout", "shift 3; exec \"$@\"");
    program("journalctl", "echo \"the log for $*\"");
    program("systemctl", "echo \"$1 of the service\"");
    configuration("[storage]\nhistory = 7\ndirectory = \"/var/lib/elsewhere\"\n");
  }

  void connector(String script) throws IOException {
    program("tedge-child-connector", script);
  }

  /** Takes the connector away, also one that this machine really has. */
  void uninstall() throws IOException {
    Files.delete(programs.resolve("tedge-child-connector"));
    path = programs.toString();
  }

  void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path configuration(String content) throws IOException {
    return file("etc/tedge-child-connector/connector.toml", content);
  }

  Path file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  /** How the script ended, and what it wrote to either output. */
  record Result(int exitCode, String said) {}

  /** Calls the script as thin-edge does. */
  Result collect() throws Exception {
    String tedge = root.resolve("etc/tedge").toString();
    return run("collect", "--output-dir", output.toString(), "--config-dir", tedge);
  }

  Result run(String... arguments) throws Exception {
    List<String> words =
        Stream.concat(Stream.of("/bin/sh", SCRIPT.toString()), Stream.of(arguments)).toList();
    Path said = Files.createTempFile(root, "said", "");
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PATH", path);
    builder.environment().put("CONNECTOR_DIAG_ROOT", root.toString());
    Process process = builder.redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(said));
  }

  /** The files it has written, by their names below the output directory. */
  Map<String, String> collected() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .collect(toMap(file -> output.relativize(file).toString(), DiagBench::content));
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Path output(String name) {
    return output.resolve(name);
  }

  void requireNoSecret(Result result) throws IOException {
    assertThat(result.said()).doesNotContain("s3cret");
    assertThat(collected()).allSatisfy((name, text) -> assertThat(text).doesNotContain("s3cret"));
  }
}
