package io.github.childconnector.simulation;

import java.time.Duration;
import java.util.Random;

/** What goes wrong outside the connector in one life, by a seed of its own. */
final class Mishaps {
  private static final Duration GRID = Duration.ofMillis(100);

  private final Random random;
  private int left;
  private int losses;
  private int breaks;
  private int diskFaults;
  private int refusals;
  private boolean striking;

  /** What happens to the link. */
  enum Mishap {
    /** Both sides know of the loss. */
    CUT,
    /** Nobody knows of the loss, for a while. */
    SILENCE,
    /** The broker dies, with what it has not passed on. */
    BROKER_DEATH
  }

  private Mishaps(long seed, int most) {
    this.random = new Random(seed);
    this.left = most == 0 ? 0 : random.nextInt(most + 1);
    this.losses = left;
    this.breaks = left;
    this.diskFaults = left;
  }

  /** None. */
  static Mishaps none(long seed) {
    return new Mishaps(seed, 0);
  }

  /** Some, or none. */
  static Mishaps some(long seed) {
    Random random = new Random(seed);
    return new Mishaps(seed, random.nextInt(2) == 0 ? 0 : 3);
  }

  int chance(int bound) {
    return random.nextInt(bound);
  }

  /**
   * How long something takes. Few lengths are possible, so that much falls on the same moment, as
   * where threads take their time: only then does it matter who comes first.
   */
  Duration time(int mostMillis) {
    return GRID.multipliedBy(random.nextInt(1 + mostMillis / (int) GRID.toMillis()));
  }

  boolean areLeft() {
    return left > 0;
  }

  /** From now on nothing more goes wrong, but for what has begun to. */
  void stop() {
    left = 0;
    losses = 0;
    breaks = 0;
    diskFaults = 0;
    refusals = 0;
  }

  /** Notes whether something goes wrong now. */
  void strike(boolean now) {
    striking = now;
  }

  boolean isCalm() {
    return !striking;
  }

  Mishap next() {
    left--;
    return Mishap.values()[random.nextInt(Mishap.values().length)];
  }

  /** Whether the acknowledgement of a publication gets lost. */
  boolean loses() {
    boolean loses = losses > 0 && random.nextInt(8) == 0;
    losses -= loses ? 1 : 0;
    return loses;
  }

  /** Whether the connection to the file server breaks, or stalls. */
  boolean breaks() {
    boolean now = breaks > 0 && random.nextInt(6) == 0;
    breaks -= now ? 1 : 0;
    return now;
  }

  /** Whether the disk refuses a change, as it then does for a few more. */
  boolean refuses() {
    if (refusals > 0) {
      refusals--;
      return true;
    }
    boolean now = diskFaults > 0 && random.nextInt(60) == 0;
    if (now) {
      diskFaults--;
      refusals = random.nextInt(6);
    }
    return now;
  }
}
