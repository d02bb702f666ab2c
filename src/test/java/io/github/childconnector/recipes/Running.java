package io.github.childconnector.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A program in the background, such as a fake device or a tool's daemon. */
final class Running implements AutoCloseable {
  private static final Path DEVICES = Path.of("src/test/devices").toAbsolutePath();
  private static final String PSEUDO_TERMINALS = "import pty, tty, socket, hashlib";

  private final Process process;
  private final Path errors;

  private Running(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts it with the tools in its PATH, and these variables. */
  static Running start(Map<String, String> variables, List<String> command) throws IOException {
    Path errors = Files.createTempFile("running", ".log");
    List<String> words = new ArrayList<>(List.of("/usr/bin/env"));
    Tools.environment().forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
    builder.environment().putAll(variables);
    return new Running(builder.start(), errors);
  }

  /** Starts a fake device of {@code src/test/devices}. */
  static Running device(String name, Object... arguments) throws Exception {
    assumeTrue(RecipeRun.succeeds("python3", "-c", PSEUDO_TERMINALS), "there is no python3");
    List<String> command = new ArrayList<>(List.of("python3", DEVICES.resolve(name).toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return start(Map.of(), command);
  }

  /** Its first line: where the device is to be found. */
  String firstLine() throws IOException {
    BufferedReader output = process.inputReader(UTF_8);
    return Optional.ofNullable(output.readLine())
        .orElseThrow(() -> new AssertionError("it ended: " + errors()));
  }

  Running until(Callable<Boolean> ready) {
    try {
      await().until(ready);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("it is not ready: " + errors(), e);
    }
    return this;
  }

  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> kill()).join();
    Files.deleteIfExists(errors);
  }

  private Process kill() {
    return process.destroyForcibly().onExit().join();
  }
}
