package io.github.childconnector.cli;

/** An operator's command gives up, with a sentence for the operator and an exit code. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** Says why, and what to do; more than one line is shown as it is. */
  public CommandException(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
