package io.github.childconnector.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers problems while reading goes on, so that an operator gets them all at once. */
final class Problems {
  private final List<Problem> problems = new ArrayList<>();

  void add(Origin origin, String key, String sentence) {
    problems.add(new Problem(origin.source(), origin.line(), key, sentence));
  }

  void refuseIfAny() throws ConfigurationException {
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparing(Problem::file).thenComparingInt(Problem::line));
      throw new ConfigurationException(problems);
    }
  }
}
