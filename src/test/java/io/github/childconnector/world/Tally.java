package io.github.childconnector.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * What a fault matrix has counted, left in a file for the summary of {@code .ci/run}:
 *
 * <pre>
 * crash points=312 left_out=0 runs=624 operations=624 flashes=624 contradictions=0 lost=0 leaks=0
 * </pre>
 */
@NullMarked
public final class Tally {
  private static final Path DIRECTORY = Path.of("target", "matrix");

  private final String matrix;
  private final Map<Count, Long> counts = new ConcurrentHashMap<>();

  /** One kind of thing that is counted. */
  public enum Count {
    /** Places at which a fault was caused. */
    POINTS,
    /** Places that {@link Lives} has left out. */
    LEFT_OUT,
    /** Lives of a connector that were looked at from beginning to end. */
    RUNS,
    /** Requests that were sent, each with an id of its own. */
    OPERATIONS,
    /** Installations that were begun. */
    FLASHES,
    /**
     * Operations of which two different ends were told, or whose end is not what the device says.
     */
    CONTRADICTIONS,
    /** Operations whose end was never told. */
    LOST,
    /** Files, processes, threads or descriptors that were left behind. */
    LEAKS
  }

  /** Counts for a matrix of this name, which is one word. */
  public Tally(String matrix) {
    this.matrix = matrix;
  }

  /** Adds to a count; by any thread. */
  public void add(Count what, long number) {
    counts.merge(what, number, Long::sum);
  }

  /** Something that must hold, or else counts as this. */
  public void expect(Count otherwise, Expectation expectation) throws Exception {
    try {
      expectation.run();
    } catch (Exception | Error e) {
      add(otherwise, 1);
      throw e;
    }
  }

  /** Throws where it does not hold. */
  public interface Expectation {
    /** Looks. */
    void run() throws Exception;
  }

  /** The count so far. */
  public long get(Count what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Leaves the counts for the summary, in place of earlier ones of the same name. */
  public void save() {
    try {
      Files.createDirectories(DIRECTORY);
      Files.writeString(DIRECTORY.resolve(matrix), this + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return Arrays.stream(Count.values())
        .map(count -> count.name().toLowerCase(Locale.ROOT) + "=" + get(count))
        .collect(Collectors.joining(" ", matrix + " ", ""));
  }
}
