package io.github.childconnector.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The daemon as a process of its own, started from the jar as its users do. */
public final class Daemon implements AutoCloseable {
  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it with further options for Java and further variables. */
  public static Daemon start(Path config, List<String> options, Map<String, String> environment)
      throws IOException {
    List<String> words = new ArrayList<>(options);
    words.addAll(run(config));
    return java(words, environment);
  }

  private static List<String> run(Path config) throws IOException {
    return List.of("-jar", BuiltJar.path().toString(), "run", "--config", config.toString());
  }

  /** Starts it with another Java than that of the tests, and further variables. */
  public static Daemon startWith(Path javaHome, Path config, Map<String, String> environment)
      throws IOException {
    return java(javaHome, run(config), environment);
  }

  /** Starts a daemon of the tests, with options for Java, the name of its class and arguments. */
  public static Daemon java(List<String> words, Map<String, String> environment)
      throws IOException {
    return java(Path.of(System.getProperty("java.home")), words, environment);
  }

  private static Daemon java(Path home, List<String> words, Map<String, String> environment)
      throws IOException {
    Path log = Files.createTempFile("daemon", ".log");
    List<String> command = new ArrayList<>();
    command.add(home.resolve(Path.of("bin", "java")).toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(List.of("JOURNAL_STREAM", "JAVA_TOOL_OPTIONS"));
    builder.environment().putAll(environment);
    return new Daemon(builder.start(), log);
  }

  public static Daemon start(Path config) throws IOException {
    return start(config, List.of(), Map.of());
  }

  /** Returns once the log has this text. */
  public Daemon awaitLog(String text) {
    await().untilAsserted(() -> assertThat(log()).contains(text));
    return this;
  }

  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Ends it as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Tells it to stop. */
  public void terminate() {
    process.destroy();
  }

  /** Tells it to read its configuration again. */
  public void hangUp() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-HUP", Long.toString(pid())).inheritIO().start().waitFor();
  }

  /** Tells it to stop, and returns its exit code. */
  public int stop() throws InterruptedException {
    // Java itself answers for a process that is told to before.
    awaitLog("Starting with ");
    process.destroy();
    return awaitExit();
  }

  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new AssertionError("the daemon did not end within 90 seconds");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }
}
