package io.github.childconnector.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the real disk asks of the kernel, as strace sees it: nobody else can tell whether bytes were
 * forced out, short of pulling the plug.
 */
@NullMarked
@IntegrationTest
class ForcedWritesTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  /** One call with its first path, which {@code -y} puts behind the descriptor. */
  private static final Pattern CALL =
      Pattern.compile("(?:\\d+ +)?(\\w+)\\((?:AT_FDCWD[^,]*, )?(?:\\d+<([^>]*)>|\"([^\"]*)\").*");

  @TempDir Path directory;

  @BeforeAll
  static void requireStrace() throws IOException, InterruptedException {
    assumeTrue(isThere(), "strace is not installed");
    Process trial =
        new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true")
            .redirectErrorStream(true)
            .start();
    String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(trial.waitFor() == 0, () -> "strace may not trace here: " + said);
  }

  private static boolean isThere() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "strace")));
  }

  /** What is done to the disk while somebody watches. */
  static final class Writes {
    private Writes() {}

    /** Does what its first argument says in the directory that is its second. */
    public static void main(String[] arguments) throws IOException {
      LocalDisk disk = new LocalDisk();
      Path directory = Path.of(arguments[1]);
      switch (arguments[0]) {
        case "replace" -> disk.replace(directory.resolve("file"), CONTENT);
        case "append" -> append(disk, directory.resolve("file"));
        case "directory" -> disk.createDirectory(directory.resolve("a/b"));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }

    private static void append(LocalDisk disk, Path file) throws IOException {
      try (Disk.Output output = disk.append(file)) {
        output.write(CONTENT, CONTENT.length);
        output.force();
      }
    }
  }

  /** The calls that concern the directory, for example {@code fsync file.tmp}, in their order. */
  private List<String> calls(String what) throws IOException, InterruptedException {
    Path watched = Files.createDirectory(directory.resolve("watched")).toRealPath();
    Path trace = directory.resolve("trace");
    List<String> command =
        List.of(
            "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-y",
            "-s",
            "0",
            "-e",
            "trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat",
            "-o",
            trace.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writes.class.getName(),
            what,
            watched.toString());
    Path output = directory.resolve("output");
    Process traced =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(traced.waitFor()).as(Files.readString(output)).isZero();
    return concerning(watched, Files.readAllLines(trace));
  }

  private static List<String> concerning(Path watched, List<String> lines) {
    List<String> calls = new ArrayList<>();
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      if (call.matches()) {
        String path = call.group(2) == null ? call.group(3) : call.group(2);
        if (Path.of(path).startsWith(watched)) {
          String name = watched.relativize(Path.of(path)).toString();
          calls.add((call.group(1) + " " + name).strip());
        }
      }
    }
    return calls;
  }

  @Test
  void aFileIsForcedOutBeforeItIsRenamedAndItsDirectoryAfterwards() throws Exception {
    assertThat(calls("replace"))
        .containsExactly("write file.tmp", "fsync file.tmp", "rename file.tmp", "fsync");
  }

  @Test
  void whatIsAppendedIsForcedOut() throws Exception {
    assertThat(calls("append")).containsExactly("write file", "fsync file");
  }

  @Test
  void aDirectoryIsForcedOutInEachOfItsNewParents() throws Exception {
    assertThat(calls("directory")).endsWith("mkdir a", "mkdir a/b", "fsync", "fsync a");
  }
}
