package io.github.childconnector.config;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.config.Node.Items;
import io.github.childconnector.config.Node.Scalar;
import io.github.childconnector.config.Node.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One table of the configuration while it is read. Every key is asked for once, with its kind and
 * its default; so this knows which keys there are, refuses the others, and can write the table
 * again with the values that count.
 */
final class Section implements AdapterSettings {
  private final SectionName name;
  private final Table table;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final Map<String, Effective> values = new LinkedHashMap<>();
  private final List<Section> inner = new ArrayList<>();

  private Section(SectionName name, Table table, Problems problems) {
    this.name = name;
    this.table = table;
    this.problems = problems;
  }

  /** The table that holds all others. */
  static Section root(Table table, Problems problems) {
    return new Section(SectionName.ROOT, table, problems);
  }

  /** The value of a key of ours, or else its default. */
  <T> T value(String key, Kind<T> kind, T byDefault) {
    return value(key, kind, Optional.empty(), byDefault);
  }

  /** The value of a key of ours, or else the inherited one, or else the default. */
  <T> T value(String key, Kind<T> kind, Optional<Node> inherited, T byDefault) {
    known.add(key);
    Optional<Node> node = Optional.ofNullable(table.entries().get(key)).or(() -> inherited);
    T value = node.flatMap(found -> read(key, kind, found)).orElse(byDefault);
    values.put(key, new Effective(kind.write(value), node.map(Node::origin)));
    return value;
  }

  /** The value of a key that may be left out, or be empty. */
  <T> Optional<T> optional(String key, Kind<T> kind) {
    return optional(key, kind, Optional.empty());
  }

  /** The value of a key that may be left out, or be empty, in which case nothing is inherited. */
  <T> Optional<T> optional(String key, Kind<T> kind, Optional<Node> inherited) {
    return value(key, kind.orNone(), inherited, Optional.empty());
  }

  /** The value of a key that must be there; empty only together with a problem. */
  <T> Optional<T> required(String key, Kind<T> kind) {
    Optional<T> value = optional(key, kind);
    if (value.isEmpty()) {
      problem(key, "is missing");
    }
    return value;
  }

  private <T> Optional<T> read(String key, Kind<T> kind, Node node) {
    try {
      return Optional.of(kind.read(node));
    } catch (BadValueException e) {
      refused.add(key);
      report(node.origin(), key, e.sentence());
      return Optional.empty();
    }
  }

  /** Whether the file has the key, with whatever value. */
  boolean has(String key) {
    return table.entries().containsKey(key);
  }

  /** Whether a value was given that had to be refused. */
  boolean isRefused(String key) {
    return refused.contains(key);
  }

  /** Where the value of a key was set, or else where the section begins. */
  Origin origin(String key) {
    return Optional.ofNullable(values.get(key))
        .flatMap(Effective::origin)
        .or(() -> Optional.ofNullable(table.entries().get(key)).map(Node::origin))
        .orElse(table.origin());
  }

  @Override
  public void problem(String key, String sentence) {
    if (!isRefused(key)) {
      report(origin(key), key, sentence);
    }
  }

  private void report(Origin origin, String key, String sentence) {
    problems.add(origin, origin.foreignKey().orElse(name.pathOf(key)), sentence);
  }

  /** The table of that name; an empty one where it is absent. */
  Section section(String key) {
    known.add(key);
    SectionName its = name.inner(key);
    Node node = table.entries().getOrDefault(key, new Table(Map.of(), table.origin()));
    if (node instanceof Table found) {
      return add(its, found);
    }
    report(node.origin(), key, "must be a table: write " + its.header());
    return add(its, new Table(Map.of(), node.origin()));
  }

  /** The tables of a list of tables. */
  List<Section> sections(String key) {
    known.add(key);
    Node node = table.entries().getOrDefault(key, new Items(List.of(), table.origin()));
    if (node instanceof Items list && list.isOfTables()) {
      return list.items().stream().map(item -> item(key, (Table) item)).toList();
    }
    report(node.origin(), key, "must be a list of tables: write " + name.item(key, "").header());
    return List.of();
  }

  /** One of a list of tables, which problems call by its id. */
  private Section item(String key, Table item) {
    String label = item.entries().get("id") instanceof Scalar id ? id.value().toString() : "?";
    return add(name.item(key, label), item);
  }

  private Section add(SectionName its, Table entries) {
    Section section = new Section(its, entries, problems);
    inner.add(section);
    return section;
  }

  /** Lets the tables in this one pass unread, for want of knowing which of them is right. */
  void passTables() {
    table.entries().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Table)
        .forEach(entry -> known.add(entry.getKey()));
  }

  /** Notes every key nobody asked for, here and further in, as a problem. */
  void refuseUnknown() {
    table.entries().keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> problem(key, unknown(key)));
    inner.forEach(Section::refuseUnknown);
  }

  private String unknown(String key) {
    return Nearest.to(key, known)
        .map(near -> "unknown key; did you mean " + Text.quoted(near) + "?")
        .orElse("unknown key; the keys here are " + String.join(", ", known));
  }

  /** Writes the table again, and those in it, with the values that count. */
  void render(StringBuilder to) {
    if (!name.isRoot()) {
      to.append(to.isEmpty() ? "" : "\n").append(name.header()).append('\n');
    }
    values.forEach((key, value) -> to.append(value.line(key)).append('\n'));
    inner.forEach(section -> section.render(to));
  }

  @Override
  public Optional<String> string(String key) {
    return optional(key, Kinds.TEXT);
  }

  @Override
  public Optional<List<String>> strings(String key) {
    return optional(key, Kinds.TEXTS);
  }

  @Override
  public Optional<List<String>> command(String key) {
    return optional(key, Kinds.COMMAND);
  }

  @Override
  public boolean flag(String key, boolean byDefault) {
    return value(key, Kinds.FLAG, byDefault);
  }

  @Override
  public int number(String key, int byDefault, int least, int most) {
    return value(key, Amounts.number(least, most), byDefault);
  }

  @Override
  public Duration duration(String key, Duration byDefault) {
    return value(key, Amounts.DURATION, byDefault);
  }

  @Override
  public long size(String key, long byDefault) {
    return value(key, Amounts.SIZE, byDefault);
  }

  @Override
  public Map<String, String> secrets(String key) {
    return value(key, Kinds.SECRETS, Map.of());
  }
}
