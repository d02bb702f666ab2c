package io.github.childconnector.adapter.httpupload;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Some HTTP statuses. Samples: {@code ["200", "204"]}, {@code ["2xx"]}. */
record StatusSet(List<String> words) {
  private static final Pattern WORD = Pattern.compile("[1-5]([0-9]{2}|[xX]{2})");

  StatusSet {
    words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  static boolean isValid(String word) {
    return WORD.matcher(word).matches();
  }

  boolean contains(int status) {
    return words.contains(Integer.toString(status)) || words.contains(status / 100 + "xx");
  }

  @Override
  public String toString() {
    return String.join(", ", words);
  }
}
