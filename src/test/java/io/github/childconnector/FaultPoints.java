package io.github.childconnector;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;

/**
 * The moments at which a daemon can be stopped: before and after everything it does that lasts.
 * Each is named by what is done and how often that was done before, since a plain number would mean
 * something else whenever two threads take another turn. They are all written to a file; at the one
 * that is wanted the whole daemon stands still, for the test to kill it.
 *
 * <pre>
 * rename operations/op.json before#3
 * publish executing plc op after#1
 * </pre>
 */
@NullMarked
final class FaultPoints {
  private static final String RECORD = "points.record";
  private static final String WANTED = "points.wanted";
  private static final String MARKER = "points.marker";
  private static final String RUN = "points.run";

  private final Path record;
  private final String wanted;
  private final Path marker;
  private final String run;
  private final Map<String, Integer> reached = new HashMap<>();

  private FaultPoints(Path record, String wanted, Path marker, String run) {
    this.record = record;
    this.wanted = wanted;
    this.marker = marker;
    this.run = run;
  }

  /**
   * The options for Java with which a daemon has fault points.
   *
   * @param directory where the files are
   * @param run what the names of this run's children and operations begin with, which is left out
   * @param wanted the point to stop at, or an empty text
   */
  static List<String> options(Path directory, String run, String wanted) {
    return List.of(
        "-D" + RECORD + "=" + record(directory),
        "-D" + WANTED + "=" + wanted,
        "-D" + MARKER + "=" + marker(directory),
        "-D" + RUN + "=" + run);
  }

  /** The points that were reached, in their order. */
  static Path record(Path directory) {
    return directory.resolve("points");
  }

  /** Is there once the daemon stands still. */
  static Path marker(Path directory) {
    return directory.resolve("stopped");
  }

  /** As the options of this process say. */
  static FaultPoints ofThisProcess() {
    return new FaultPoints(
        Path.of(System.getProperty(RECORD)),
        System.getProperty(WANTED),
        Path.of(System.getProperty(MARKER)),
        System.getProperty(RUN));
  }

  /** What is done to a disk. */
  interface Deed<T> {
    T run() throws IOException;
  }

  /** Does something between two points. */
  <T> T around(String what, Deed<T> deed) throws IOException {
    reach(what + " before");
    try {
      return deed.run();
    } finally {
      reach(what + " after");
    }
  }

  /** One thread at a time passes, so that none does when one has stopped. */
  synchronized void reach(String label) {
    String name = label.replace(run, "");
    String point = name + "#" + reached.merge(name, 1, Integer::sum);
    try (FileOutputStream file = new FileOutputStream(record.toFile(), true)) {
      file.write((point + "\n").getBytes(StandardCharsets.UTF_8));
      if (point.equals(wanted)) {
        Files.createFile(marker);
        standStill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
      Thread.interrupted();
    }
  }
}
