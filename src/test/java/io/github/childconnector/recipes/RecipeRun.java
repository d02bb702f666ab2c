package io.github.childconnector.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of a tool, to make what a test needs. */
final class RecipeRun {
  private RecipeRun() {}

  static boolean succeeds(String... command) throws IOException, InterruptedException {
    return start(Path.of("."), command).waitFor() == 0;
  }

  /** What it writes; it must succeed. */
  static String in(Path directory, String... command) throws IOException, InterruptedException {
    Process process = start(directory, command);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(List.of(command) + ": " + said);
    }
    return said;
  }

  private static Process start(Path directory, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of("/usr/bin/env")))
            .redirectErrorStream(true)
            .directory(directory.toFile());
    for (Map.Entry<String, String> variable : Tools.environment().entrySet()) {
      builder.command().add(variable.getKey() + "=" + variable.getValue());
    }
    builder.command().addAll(List.of(command));
    return builder.start();
  }
}
