package io.github.childconnector.conformance;

import io.github.childconnector.conformance.Result.Verdict;

/** Ends a check before its end: something is wrong, or it cannot be tried. */
final class Finding extends Exception {
  private static final long serialVersionUID = 1L;

  private final Verdict verdict;
  private final String text;

  private Finding(Verdict verdict, String text) {
    super(text);
    this.verdict = verdict;
    this.text = text;
  }

  /** Something was wrong; {@code text} says what, and how to mend it. */
  static Finding failed(String text) {
    return new Finding(Verdict.FAILED, text);
  }

  /** The check cannot be tried; {@code text} says why. */
  static Finding skipped(String text) {
    return new Finding(Verdict.SKIPPED, text);
  }

  /** The result of a check that it ended; what was wrong is followed by what to do. */
  Result of(String check, String remedy) {
    boolean hasRemedy = verdict == Verdict.FAILED && !remedy.isEmpty();
    return new Result(check, verdict, hasRemedy ? stopped(text) + " " + remedy : text);
  }

  private static String stopped(String sentence) {
    return sentence.endsWith(".") || sentence.endsWith("…") ? sentence : sentence + ".";
  }
}
