package io.github.childconnector.config;

import io.github.childconnector.operation.OneLine;

/**
 * One thing in the configuration that cannot stay as it is.
 *
 * <p>Sample: {@code connector.toml:12: mqtt.prot: unknown key; did you mean "port"?}
 *
 * @param file where it stands: {@code connector.toml}, {@code conf.d/10-plcs.toml}, {@code
 *     tedge.toml} or the name of an environment variable
 * @param line its line; 0 where there is none
 * @param key the path of the key; empty if the file as a whole is meant
 * @param sentence what is wrong and what to write instead
 */
public record Problem(String file, int line, String key, String sentence) {

  /** Makes each text one line: keys and values are quoted as they were found. */
  public Problem {
    key = OneLine.of(key);
    sentence = OneLine.of(sentence);
  }

  @Override
  public String toString() {
    String place = line == 0 ? file : file + ":" + line;
    return place + ": " + (key.isEmpty() ? "" : key + ": ") + sentence;
  }
}
