package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.program.ProcessTree.ProcessEntry;
import java.io.IOException;
import java.util.Optional;

/**
 * A note of a process that runs, which may lead a session:
 *
 * <pre>
 * 2f1c0a6e-… 4711 123456         runs, or its connector was killed
 * 2f1c0a6e-… 4711 123456 left    could not be ended
 * </pre>
 *
 * @param boot the boot in which it began
 * @param process its number, which is that of its session too if it leads one
 * @param started when it began, in ticks since the boot, because numbers are used again
 * @param isLeft whether it could not be ended
 */
record SessionNote(String boot, long process, long started, boolean isLeft) {
  private static final String LEFT = "left";
  private static final int WORDS = 3;

  /** Reads a note; empty if it is none, as one whose writing was cut off. */
  static Optional<SessionNote> parse(String text) {
    String[] words = text.strip().split(" ", WORDS + 2);
    boolean isLeft = words.length == WORDS + 1 && words[WORDS].equals(LEFT);
    if (words.length != WORDS && !isLeft) {
      return Optional.empty();
    }
    try {
      long process = Long.parseLong(words[1]);
      return Optional.of(new SessionNote(words[0], process, Long.parseLong(words[2]), isLeft));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether it may still lead to something: its process runs, or has ended, and no other has got
   * its number since.
   */
  boolean isValid(String present) throws IOException {
    return boot.equals(present)
        && ProcessEntry.of(process).filter(entry -> entry.started() != started).isEmpty();
  }

  @Override
  public String toString() {
    return boot + " " + process + " " + started + (isLeft ? " " + LEFT : "");
  }
}
