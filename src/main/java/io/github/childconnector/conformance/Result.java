package io.github.childconnector.conformance;

/**
 * The result of one check, for example {@code FAIL killed-1/2 – after that version … }.
 *
 * @param check its name
 * @param text what was wrong and how to mend it, or why it was left out; empty where it is ok
 */
public record Result(String check, Verdict verdict, String text) {

  /** The end of a check. */
  public enum Verdict {
    OK("ok"),
    FAILED("FAIL"),
    SKIPPED("skip");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
