package io.github.childconnector.world;

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
 * rename state/operations/op.json before#3
 * publish executing plc op after#1
 * </pre>
 */
@NullMarked
public final class FaultPoints {
  private static final String DIRECTORY = "points.directory";
  private static final String WANTED = "points.wanted";
  private static final String PREFIX = "points.prefix";

  private final Path directory;
  private final String wanted;
  private final String prefix;
  private final Map<String, Integer> reached = new HashMap<>();

  FaultPoints(Path directory, String wanted, String prefix) {
    this.directory = directory;
    this.wanted = wanted;
    this.prefix = prefix;
  }

  /**
   * The options for Java with which a daemon has fault points.
   *
   * @param directory for the files of this life, in the directory of the run
   * @param prefix what the names of this run's children and operations begin with, which is left
   *     out
   * @param wanted the point to stop at, or an empty text; {@code is at any %} is the first time
   *     that a progress is told, because which ones are depends on time
   */
  public static List<String> options(Path directory, String prefix, String wanted) {
    return List.of(
        "-D" + DIRECTORY + "=" + directory,
        "-D" + PREFIX + "=" + prefix,
        "-D" + WANTED + "=" + wanted);
  }

  /** The points that were reached, in their order. */
  public static Path record(Path directory) {
    return directory.resolve("points");
  }

  /** Is there once the daemon stands still. */
  public static Path marker(Path directory) {
    return directory.resolve("stopped");
  }

  /** As the options of this process say. */
  static FaultPoints ofThisProcess() {
    return new FaultPoints(
        Path.of(System.getProperty(DIRECTORY)),
        System.getProperty(WANTED),
        System.getProperty(PREFIX));
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
    String name = label.replace(directory.getParent() + "/", "").replace(prefix, "");
    String point = name + "#" + reached.merge(name, 1, Integer::sum);
    try (FileOutputStream file = new FileOutputStream(record(directory).toFile(), true)) {
      file.write((point + "\n").getBytes(StandardCharsets.UTF_8));
      if (point.equals(wanted) || anyProgress(point).equals(wanted)) {
        Files.createFile(marker(directory));
        standStill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of a point without the percentage, if it is that of a progress. */
  public static String anyProgress(String point) {
    return point.replaceFirst("is at \\d+ %#1$", "is at any %");
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
      Thread.interrupted();
    }
  }
}
