package io.github.childconnector.adapter.program;

import java.util.Map;

/**
 * How a program ended: the status it chose, or 128 and the number of the signal that ended it or,
 * with a shell, its last command.
 */
record ExitStatus(int value) {
  /** The status that sysexits.h calls EX_TEMPFAIL: try again later. */
  private static final int BUSY = 75;

  private static final int SIGNALLED = 128;

  /** The signals with one number on every architecture. */
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL, as the kernel does when memory runs out"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  boolean isSuccess() {
    return value == 0;
  }

  boolean isBusy() {
    return value == BUSY;
  }

  /** Returns a part of a sentence, for example {@code was ended by SIGSEGV (exit status 139)}. */
  @Override
  public String toString() {
    String status = "exit status " + value;
    return SIGNALS.containsKey(value - SIGNALLED)
        ? "was ended by " + SIGNALS.get(value - SIGNALLED) + " (" + status + ")"
        : "ended with " + status;
  }
}
