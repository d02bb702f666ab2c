package io.github.childconnector.matrix;

import java.util.List;
import java.util.Random;

/**
 * Which points of a matrix are visited, where each costs the lives of processes: all of them, or
 * with {@code -Dmatrix.lives=sample} one of each kind, chosen by {@code -Dmatrix.seed}. What is
 * left out is counted as such.
 */
final class Lives {
  private static final String ALL = "all";
  private static final String SAMPLE = "sample";

  private final boolean sample;
  private final long seed = Long.getLong("matrix.seed", 0);

  Lives() {
    String lives = System.getProperty("matrix.lives", ALL);
    if (!List.of(ALL, SAMPLE).contains(lives)) {
      throw new IllegalArgumentException("matrix.lives is " + ALL + " or " + SAMPLE);
    }
    sample = lives.equals(SAMPLE);
  }

  /** Whether these are not all of them. */
  boolean isSample() {
    return sample;
  }

  /**
   * Chooses from these points.
   *
   * @param kind what they have in common, which makes the choice another one for each kind
   */
  <T> List<T> of(String kind, List<T> points) {
    return sample && !points.isEmpty()
        ? List.of(points.get(new Random(seed ^ kind.hashCode()).nextInt(points.size())))
        : points;
  }
}
