package io.github.childconnector.adapter.program;

import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sub-table that holds what a test put there, and remembers the problems. */
public final class ScriptedSettings {
  private static final Origin HERE = Origin.of("test", 0);

  private final Map<String, Node> values = new LinkedHashMap<>();
  private List<Problem> problems = new ArrayList<>();

  /** Settings whose {@code install} is this program. */
  public static ScriptedSettings installing(String... command) {
    return new ScriptedSettings().with("install", List.of(command));
  }

  /** With this value: a text, number, flag or duration, or a list or table of them. */
  public ScriptedSettings with(String key, Object value) {
    values.put(key, node(value));
    return this;
  }

  private static Node node(Object value) {
    if (value instanceof List<?> list) {
      return new Items(list.stream().map(ScriptedSettings::node).toList(), HERE);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Node> entries = new LinkedHashMap<>();
      map.forEach((key, inner) -> entries.put(key.toString(), node(inner)));
      return new Table(entries, HERE);
    }
    return new Scalar(value instanceof Integer number ? (Object) number.longValue() : value, HERE);
  }

  /** The same as a table that is read anew, so far without problems. */
  public Section section() {
    return section("test");
  }

  /** The same as the sub-table of an adapter of that name. */
  public Section section(String adapter) {
    problems = new ArrayList<>();
    Node child = new Table(Map.of(adapter, new Table(values, HERE)), HERE);
    return Section.root(new Table(Map.of("child", child), HERE), problems)
        .section("child")
        .adapterSection(adapter);
  }

  /** What was wrong when it was read last: each as its key, a space, and the sentence. */
  public List<String> problems() {
    return Problem.sorted(problems).stream()
        .map(
            problem ->
                problem.key().replaceFirst("child\\.[a-z]+\\.", "") + " " + problem.sentence())
        .toList();
  }
}
