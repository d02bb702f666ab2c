package io.github.childconnector.settings;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.settings.Node.Origin;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A thing in the configuration that cannot stay as it is. Reading goes on, so that an operator gets
 * all of them at once.
 *
 * <p>Sample: {@code connector.toml:12: mqtt.prot: unknown key; did you mean "port"?}
 *
 * @param origin where it stands: in {@code connector.toml}, {@code conf.d/10-plcs.toml}, {@code
 *     tedge.toml} or an environment variable
 * @param key the path of the key; empty if the file as a whole is meant
 * @param sentence what is wrong and what to write instead
 * @param shared the key and the sentence as strangers may see them
 */
public record Problem(Origin origin, String key, String sentence, String shared) {

  /** Makes each text one line: keys and values are quoted as they were found. */
  public Problem {
    key = Failure.oneLine(key);
    sentence = Failure.oneLine(sentence);
    shared = Failure.oneLine(shared);
  }

  /** All of some, those of one file together and in the order of their lines. */
  public static List<Problem> sorted(Collection<Problem> problems) {
    return problems.stream()
        .sorted(
            Comparator.comparing((Problem problem) -> problem.origin.source())
                .thenComparingInt(problem -> problem.origin.line()))
        .toList();
  }

  @Override
  public String toString() {
    return origin + ": " + (key.isEmpty() ? "" : key + ": ") + sentence;
  }

  /** The same as strangers may see it. */
  public String forStrangers() {
    return origin + ": " + shared;
  }

  /**
   * Asks whether a word was meant that is at most two typing errors away; for words of up to three
   * letters, one. Sample: {@code did you mean "port"?}
   */
  public static Optional<String> didYouMean(String word, Collection<String> candidates) {
    int limit = word.length() <= 3 ? 1 : 2;
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .map(near -> "did you mean " + Text.quoted(near) + "?");
  }

  /** Letters to insert, remove or replace (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[to.length()];
  }
}
