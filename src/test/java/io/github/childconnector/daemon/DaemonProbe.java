package io.github.childconnector.daemon;

import io.github.childconnector.TestConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/**
 * The daemon with a configuration, to which something happens once it runs: {@code stop} (it is
 * told to), {@code crash} (one of its threads ends by an exception) or {@code mute} (by one that
 * cannot even be logged).
 */
@NullMarked
final class DaemonProbe {
  private DaemonProbe() {}

  public static void main(String[] arguments) {
    TestConnector.prepare();
    new Thread(() -> happen(arguments[0]), "fate").start();
    System.exit(TestConnector.ofThisMachine().run(Path.of(arguments[1])));
  }

  private static void happen(String what) {
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("mqtt-link"))) {
      Thread.onSpinWait();
    }
    switch (what) {
      case "stop" -> terminate();
      case "crash" -> throw new IllegalStateException("boom");
      default -> throw new Unspeakable();
    }
  }

  private static void terminate() {
    try {
      // The shell has it built in; a program of this name is in a package that may be missing.
      new ProcessBuilder("sh", "-c", "kill -TERM " + ProcessHandle.current().pid()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As in a heap without any room. */
  private static final class Unspeakable extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new Unspeakable();
    }
  }
}
