package io.github.childconnector.simulation;

/** Writes down whose turn it was, and each step, so that two runs can be compared. */
final class Trace {
  private final boolean kept;
  private final StringBuilder text = new StringBuilder();

  private Trace(boolean kept) {
    this.kept = kept;
  }

  /** One that forgets. */
  static Trace none() {
    return new Trace(false);
  }

  /** One that keeps everything. */
  static Trace kept() {
    return new Trace(true);
  }

  void turn(long now, Strand strand) {
    if (kept) {
      text.append(now / 1_000_000).append(" ms: ").append(strand.name).append('\n');
    }
  }

  void note(long now, Strand strand, String when, String what) {
    if (kept) {
      text.append(now / 1_000_000).append(" ms: ").append(strand.name);
      text.append(' ').append(when).append(what).append('\n');
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
