package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.settings.Problem;
import java.util.List;

/** The configuration cannot be used; carries everything that is wrong with it, one line each. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  private ConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Refuses a configuration with any problem. */
  static void refuse(List<Problem> problems) throws ConfigurationException {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(Problem.sorted(problems));
    }
  }

  /** All problems, those of one file together and in the order of their lines. */
  public List<Problem> problems() {
    return problems;
  }
}
