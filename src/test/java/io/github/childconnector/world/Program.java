package io.github.childconnector.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program of this build, run as a process of its own until it ends. */
public final class Program {
  private final List<String> command = new ArrayList<>();

  private Program(List<String> options) {
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
  }

  /** A class with a main method. */
  public static Program of(Class<?> main) {
    return new Program(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
  }

  /** The jar as users have it. */
  public static Program jar(Path jar) {
    return new Program(List.of("-jar", jar.toString()));
  }

  /**
   * What a program left.
   *
   * @param out all it wrote to standard output
   * @param err all it wrote to standard error
   */
  public record Result(int exitCode, String out, String err) {}

  /** Runs the program to its end with nothing of this process's own log settings. */
  public Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(arguments));
    Path errors = Files.createTempFile("program", ".err");
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(List.of("JOURNAL_STREAM", "JAVA_TOOL_OPTIONS"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      return new Result(awaitEnd(process), read(process), Files.readString(errors));
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
    }
  }

  private static int awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new AssertionError("the program did not end within 90 seconds");
    }
    return process.exitValue();
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
