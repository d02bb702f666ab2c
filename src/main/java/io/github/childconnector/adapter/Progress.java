package io.github.childconnector.adapter;

/** The place to which an adapter tells how far it is; for the log, and never for a decision. */
@FunctionalInterface
public interface Progress {

  /** Something the operator may want to read later. */
  void message(String text);

  /** How much of the current step is done, 0 to 100; who does not show it need not hear it. */
  default void percent(int percent) {}

  /** Tells which step begins; who does not show it need not hear it. */
  default void step(Step step) {}

  /** The steps of an installation. */
  enum Step {
    /** Make the device ready. */
    PREPARE,
    /** Take it out of its service. */
    DETACH,
    /** Transfer the image. */
    WRITE,
    /** Take it back into service. */
    ATTACH,
    /** Remove what was left over. */
    CLEANUP
  }
}
