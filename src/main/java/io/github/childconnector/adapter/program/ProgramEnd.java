package io.github.childconnector.adapter.program;

import io.github.childconnector.fault.Sandbox;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Map;
import java.util.Optional;

/**
 * How a program ended, and what it said until then.
 *
 * @param program as it was configured
 * @param status with which it ended
 * @param firstLine of its standard output; empty if there was none
 * @param lines how many its standard output had, empty ones not counted
 * @param lastError the last line of its error output; empty if there was none
 */
public record ProgramEnd(
    String program,
    int status,
    Optional<String> firstLine,
    long lines,
    Optional<String> lastError) {
  /** Leaves room for the rest of a reason, which is cut at 500 bytes. */
  private static final int MAX_QUOTE = 160;

  /** The EX_TEMPFAIL of sysexits.h: try again later. */
  private static final int BUSY = 75;

  /** Added to the number of the signal that ended a program or, with a shell, its last command. */
  private static final int SIGNALLED = 128;

  /** Signals that have one number on every architecture. */
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

  /** Whether it said that the device is busy, with the exit status that means so. */
  public boolean isBusy() {
    return status == BUSY;
  }

  /** Refuses any end but success, in a sentence that quotes the last error and the remedy. */
  public void requireSuccess(FailureCode code, String remedy) throws UpdateException {
    if (status != 0) {
      String said =
          lastError
              .map(error -> ": " + quote(error))
              .orElse(" and wrote nothing on standard error");
      String help = lastError.flatMap(Sandbox.ofThisProcess()::remedy).orElse(remedy);
      throw new UpdateException(
          code, "The program " + program + " " + how(status) + stopped(said) + " " + help);
    }
  }

  /** The remedy of a failed installation, which is in the log where the program has said any. */
  public String remedy() {
    return lastError.isEmpty() && lines == 0
        ? "Run it by hand, as the connector's user, to see why; then request the update again."
        : "What it wrote is in the connector's log: remove the cause it names, then request the"
            + " update again.";
  }

  private static String stopped(String sentence) {
    return sentence.endsWith(".") || sentence.endsWith("…") ? sentence : sentence + ".";
  }

  /** Tells what keeps the device busy. */
  public String whyBusy() {
    return lastError
        .map(ProgramEnd::quote)
        .orElse("the program " + program + " " + how(status) + ", which says so");
  }

  private static String quote(String text) {
    int characters = text.codePointCount(0, text.length());
    return characters <= MAX_QUOTE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTE)) + "…";
  }

  /** Returns a part of a sentence, for example {@code was ended by SIGSEGV (exit status 139)}. */
  static String how(int status) {
    String number = "exit status " + status;
    return SIGNALS.containsKey(status - SIGNALLED)
        ? "was ended by " + SIGNALS.get(status - SIGNALLED) + " (" + number + ")"
        : "ended with " + number;
  }
}
