package io.github.childconnector.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
public final class Nearest {
  private Nearest() {}

  /** The candidate at most two typing errors away; for words of up to three letters, one. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    int limit = word.length() <= 3 ? 1 : 2;
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Letters to insert, remove or replace (Levenshtein). */
  static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      previous = nextRow(from.charAt(i - 1), to, previous, i);
    }
    return previous[to.length()];
  }

  private static int[] nextRow(char letter, String to, int[] previous, int first) {
    int[] row = new int[previous.length];
    row[0] = first;
    for (int j = 1; j < row.length; j++) {
      int replaced = previous[j - 1] + (letter == to.charAt(j - 1) ? 0 : 1);
      row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
    }
    return row;
  }
}
