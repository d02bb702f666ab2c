package io.github.childconnector.cli;

/**
 * The exit codes of the program, in the words of sysexits.h.
 *
 * <p>Plain constants, because picocli's annotations take nothing else; and here rather than beside
 * {@code Main}, because the commands must not import what imports them.
 */
public final class ExitCode {
  public static final int OK = 0;

  /** The command line is wrong. */
  public static final int USAGE = 64;

  /** Something needed could not be reached, or did not answer in time. */
  public static final int UNAVAILABLE = 69;

  /** The work failed, or the program has a fault. */
  public static final int SOFTWARE = 70;

  /** The daemon ended only to be started anew. */
  public static final int START_ANEW = 75;

  /** The configuration is wrong. */
  public static final int CONFIG = 78;

  private ExitCode() {}
}
