package io.github.childconnector.adapter.program;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/** How a program ended, and what it said until then. */
public final class ProgramEnd {
  /** Leaves room for the rest of a reason, which is cut at 500 bytes. */
  private static final int MAX_QUOTE = 160;

  private final String program;
  private final ExitStatus status;
  private final ProgramOutput output;

  ProgramEnd(String program, ExitStatus status, ProgramOutput output) {
    this.program = program;
    this.status = status;
    this.output = output;
  }

  /** Whether it said that the device is busy, with the exit status that means so. */
  public boolean isBusy() {
    return status.isBusy();
  }

  /** The first line of its standard output; empty if there was none. */
  public Optional<String> firstLine() {
    return output.firstLine();
  }

  /** How many lines its standard output had, empty ones not counted. */
  long lines() {
    return output.lines();
  }

  /** Refuses any end but success, in a sentence that quotes the last error and the remedy. */
  public void requireSuccess(FailureCode code, String remedy) throws UpdateException {
    if (!status.isSuccess()) {
      String said =
          output
              .lastError()
              .map(error -> ": " + quote(error))
              .orElse(" and wrote nothing on standard error");
      throw new UpdateException(
          code, "The program " + program + " " + status + stopped(said) + " " + remedy);
    }
  }

  private static String stopped(String sentence) {
    return sentence.endsWith(".") || sentence.endsWith("…") ? sentence : sentence + ".";
  }

  /** Returns what keeps the device busy. */
  public String whyBusy() {
    return output
        .lastError()
        .map(ProgramEnd::quote)
        .orElse("the program " + program + " " + status + ", which says so");
  }

  private static String quote(String text) {
    int characters = text.codePointCount(0, text.length());
    return characters <= MAX_QUOTE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTE)) + "…";
  }
}
