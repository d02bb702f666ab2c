package io.github.childconnector.settings;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.settings.Node.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers problems while reading goes on, so that an operator gets them all at once. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /**
   * A thing in the configuration that cannot stay as it is.
   *
   * <p>Sample: {@code connector.toml:12: mqtt.prot: unknown key; did you mean "port"?}
   *
   * @param file where it stands: {@code connector.toml}, {@code conf.d/10-plcs.toml}, {@code
   *     tedge.toml} or the name of an environment variable
   * @param line its line; 0 where there is none
   * @param key the path of the key; empty if the file as a whole is meant
   * @param sentence what is wrong and what to write instead
   * @param shared the key and the sentence as strangers may see them
   */
  public record Problem(String file, int line, String key, String sentence, String shared) {

    /** Makes each text one line: keys and values are quoted as they were found. */
    public Problem {
      key = Failure.oneLine(key);
      sentence = Failure.oneLine(sentence);
      shared = Failure.oneLine(shared);
    }

    @Override
    public String toString() {
      return place() + ": " + (key.isEmpty() ? "" : key + ": ") + sentence;
    }

    /** The same as strangers may see it. */
    public String forStrangers() {
      return place() + ": " + shared;
    }

    private String place() {
      return line == 0 ? file : file + ":" + line;
    }
  }

  /** Begins without any. */
  public Problems() {}

  /**
   * Adds one to those that were found.
   *
   * @param shared the key and the sentence as strangers may see them
   */
  public void add(Origin origin, String key, String sentence, String shared) {
    found.add(new Problem(origin.source(), origin.line(), key, sentence, shared));
  }

  /** All that were found, those of one file together and in the order of their lines. */
  public List<Problem> found() {
    return found.stream()
        .sorted(Comparator.comparing(Problem::file).thenComparingInt(Problem::line))
        .toList();
  }
}
