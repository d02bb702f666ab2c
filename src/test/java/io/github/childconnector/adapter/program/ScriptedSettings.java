package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.AdapterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sub-table that holds what a test put there, and remembers the problems. */
public final class ScriptedSettings implements AdapterSettings {
  private final Map<String, Object> values = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Settings whose {@code install} is this program. */
  public static ScriptedSettings installing(String... command) {
    return new ScriptedSettings().with("install", List.of(command));
  }

  /** With this value, of the type that is asked for. */
  public ScriptedSettings with(String key, Object value) {
    values.put(key, value);
    return this;
  }

  /** Each as its key, a space, and the sentence. */
  public List<String> problems() {
    return problems;
  }

  @Override
  public Optional<String> string(String key) {
    return Optional.ofNullable((String) values.get(key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Optional<List<String>> strings(String key) {
    return Optional.ofNullable((List<String>) values.get(key));
  }

  @Override
  public Optional<List<String>> command(String key) {
    return strings(key);
  }

  @Override
  public boolean flag(String key, boolean byDefault) {
    return (boolean) values.getOrDefault(key, byDefault);
  }

  @Override
  public int number(String key, int byDefault, int least, int most) {
    return (int) values.getOrDefault(key, byDefault);
  }

  @Override
  public Duration duration(String key, Duration byDefault) {
    return (Duration) values.getOrDefault(key, byDefault);
  }

  @Override
  public long size(String key, long byDefault) {
    return (long) values.getOrDefault(key, byDefault);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Map<String, String> secrets(String key) {
    return (Map<String, String>) values.getOrDefault(key, Map.of());
  }

  @Override
  public void problem(String key, String sentence) {
    problems.add(key + " " + sentence);
  }
}
