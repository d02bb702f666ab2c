package io.github.childconnector.settings;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kind.BadValueException;
import io.github.childconnector.settings.Kind.Value;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table of the configuration while it is read. Every key is asked for once, with its kind and its
 * default; so this knows which keys there are, refuses the others, and can write the table again
 * with the values that are in effect. A value that is refused is noted as a problem and read as if
 * it were absent.
 */
public final class Section {
  private final Name name;
  private final Table table;
  private final List<Problem> problems;
  private final boolean isEmptyUsual;
  private final Map<String, Node> inherited = new HashMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final Map<String, Value<?>> values = new LinkedHashMap<>();
  private final List<Section> inner = new ArrayList<>();

  private Section(Name name, Table table, List<Problem> problems, boolean isEmptyUsual) {
    this.name = name;
    this.table = table;
    this.problems = problems;
    this.isEmptyUsual = isEmptyUsual;
  }

  /** The table that holds all others. */
  public static Section root(Table table, List<Problem> problems) {
    return new Section(new Name("", "", "", false), table, problems, false);
  }

  /** Returns what the table is called in its header, for example {@code child.command}. */
  public String name() {
    return name.header;
  }

  /** The value of a key, or else the inherited one, or else its default. */
  public <T> T value(String key, Kind<T> kind, T usual) {
    known.add(key);
    Optional<Node> node =
        Optional.ofNullable(table.entries().get(key))
            .filter(found -> !(isEmptyUsual && kind.isNone(found)))
            .or(() -> Optional.ofNullable(inherited.get(key)));
    T value = node.flatMap(found -> read(key, kind, found)).orElse(usual);
    values.put(key, new Value<>(kind, value, node.map(Node::origin)));
    return value;
  }

  /** The value of a key that may be left out, or be an empty text or list: then there is none. */
  public <T> Optional<T> optional(String key, Kind<T> kind) {
    return value(key, kind.orNone(), Optional.empty());
  }

  /** The value of a key that must be there; empty only together with a problem. */
  public <T> Optional<T> required(String key, Kind<T> kind) {
    Optional<T> value = optional(key, kind);
    require(key, value.isPresent(), "");
    return value;
  }

  /**
   * The value of a key that must be there, or else what stands in for it, together with a problem.
   *
   * @param remedy what to write, as the end of a sentence
   */
  public <T> T required(String key, Kind<T> kind, T standIn, String remedy) {
    Optional<T> value = optional(key, kind);
    require(key, value.isPresent(), remedy);
    return value.orElse(standIn);
  }

  /** Notes that a key is missing unless it is there, or was refused. */
  public void require(String key, boolean isThere, String remedy) {
    if (!isThere) {
      problem(key, "is missing" + (remedy.isEmpty() ? "" : "; " + remedy));
    }
  }

  private <T> Optional<T> read(String key, Kind<T> kind, Node node) {
    try {
      return Optional.of(kind.reading().apply(node));
    } catch (BadValueException e) {
      refused.add(key);
      report(node.origin(), key, e.sentence(), e.shared());
      return Optional.empty();
    }
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean usual) {
    return value(key, Kinds.FLAG, usual);
  }

  /** A whole number from {@code least} to {@code most}. */
  public int number(String key, int usual, int least, int most) {
    return value(key, Kinds.number(least, most), usual);
  }

  /** A length of time such as "30s", "5m" or "2h", from 1 ms to 30 days. */
  public Duration duration(String key, Duration usual) {
    return value(key, Kinds.DURATION, usual);
  }

  /** A path that begins with a slash; nobody looks whether there is anything. */
  public Optional<Path> path(String key) {
    return optional(key, Places.PATH);
  }

  /** A table of texts that are never shown, such as passwords; empty where it is absent. */
  public Map<String, String> secrets(String key) {
    return value(key, Kinds.SECRETS, Map.of());
  }

  /** Lets a key have another default: what is set elsewhere. */
  public void inherit(String key, Node elsewhere) {
    inherited.put(key, elsewhere);
  }

  /** Lets keys that belong together inherit nothing where one of them is set here. */
  public void together(String... keys) {
    if (Stream.of(keys).anyMatch(table.entries()::containsKey)) {
      disinherit(keys);
    }
  }

  /** Lets keys inherit nothing. */
  public void disinherit(String... keys) {
    inherited.keySet().removeAll(List.of(keys));
  }

  /** Whether the file has the key, with whatever value. */
  public boolean has(String key) {
    return table.entries().containsKey(key);
  }

  /** Whether the key was asked for, and not as a table of its own. */
  public boolean isAsked(String key) {
    return values.containsKey(key);
  }

  /** Whether a value was given that had to be refused. */
  public boolean isRefused(String key) {
    return refused.contains(key);
  }

  /** Returns where the value of a key was set, or else where the section begins. */
  public Origin origin(String key) {
    return Optional.ofNullable(values.get(key))
        .flatMap(Value::origin)
        .or(() -> Optional.ofNullable(table.entries().get(key)).map(Node::origin))
        .orElse(table.origin());
  }

  /**
   * Notes that a key cannot stay as it is. Without effect where the value was refused, which is
   * noted already.
   *
   * @param sentence says what to write instead; whatever it tells of what was found is {@link
   *     Text#quoted}, because strangers see the rest
   */
  public void problem(String key, String sentence) {
    if (!isRefused(key)) {
      report(origin(key), key, sentence, Text.unquoted(sentence));
    }
  }

  /** Refuses a key that there was once, if the file still has it. */
  public void refuseFormer(String key, String sentence) {
    if (has(key)) {
      problem(key, sentence);
      refused.add(key);
    }
  }

  private void report(Origin origin, String key, String sentence, String shared) {
    String path = origin.foreignKey().orElse(name.pathOf(key));
    String sharedPath = origin.foreignKey().orElse(name.sharedPathOf(key));
    problems.add(new Problem(origin, path, sentence, sharedPath + ": " + shared));
  }

  /** The table of that name; an empty one where it is absent. */
  public Section section(String key) {
    return section(key, false);
  }

  /**
   * The table of that name, in which an empty text or list stands for the default. Adapters have
   * always read their tables so, and files that older versions printed rely on it.
   */
  public Section adapterSection(String key) {
    return section(key, true);
  }

  private Section section(String key, boolean isEmptyUsual) {
    known.add(key);
    Name its = name.inner(key);
    Node node = table.entries().getOrDefault(key, new Table(Map.of(), table.origin()));
    if (node instanceof Table found) {
      return add(its, found, isEmptyUsual);
    }
    String sentence = "must be a table: write " + its.line();
    report(node.origin(), key, sentence, sentence);
    return add(its, new Table(Map.of(), node.origin()), isEmptyUsual);
  }

  /** The tables of a list of tables. */
  public List<Section> sections(String key) {
    known.add(key);
    Node node = table.entries().getOrDefault(key, new Items(List.of(), table.origin()));
    if (node instanceof Items list && list.isOfTables()) {
      return list.items().stream().map(item -> item(key, (Table) item)).toList();
    }
    String sentence = "must be a list of tables: write " + name.item(key, "").line();
    report(node.origin(), key, sentence, sentence);
    return List.of();
  }

  /** Reads one of a list of tables, which problems call by its id. */
  private Section item(String key, Table item) {
    String label = item.entries().get("id") instanceof Scalar id ? id.value().toString() : "?";
    return add(name.item(key, label), item, false);
  }

  private Section add(Name its, Table entries, boolean isEmptyUsual) {
    Section section = new Section(its, entries, problems, isEmptyUsual);
    inner.add(section);
    return section;
  }

  /** Lets the tables in this one pass unread, for want of knowing which of them is right. */
  public void passTables() {
    table.entries().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Table)
        .forEach(entry -> known.add(entry.getKey()));
  }

  /** Notes every key nobody asked for, here and further in, as a problem. */
  public void refuseUnknown() {
    table.entries().keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> problem(key, unknown(key)));
    inner.forEach(Section::refuseUnknown);
  }

  private String unknown(String key) {
    return "unknown key; "
        + Problem.didYouMean(key, known).orElse("the keys here are " + String.join(", ", known));
  }

  /**
   * The table again, and those in it, with the values that are in effect.
   *
   * @param isShared whether it is to be shown to strangers
   */
  public String effective(boolean isShared) {
    StringBuilder text = new StringBuilder();
    render(text, isShared);
    return text.toString();
  }

  private void render(StringBuilder to, boolean isShared) {
    if (!name.path.isEmpty()) {
      to.append(to.isEmpty() ? "" : "\n").append(name.line()).append('\n');
    }
    values.forEach((key, value) -> to.append(value.line(key, isShared)).append('\n'));
    inner.forEach(section -> section.render(to, isShared));
  }

  /** A value that a file has for a key of this table, as it may be shown to strangers. */
  public String shared(String key, Node node) {
    Optional<Value<?>> value = Optional.ofNullable(values.get(key));
    return value.map(known -> known.shared(node)).orElse(Kind.HIDDEN);
  }

  /**
   * The section that a table in this one was read by; one without keys where nobody knows that
   * table.
   *
   * @param found the table itself, whose place tells items of a list apart
   */
  public Section inner(String key, Table found) {
    Name its = name.inner(key);
    return inner.stream()
        .filter(section -> section.name.header.equals(its.header))
        .filter(section -> !section.name.isListed || section.table.equals(found))
        .findFirst()
        .orElseGet(() -> new Section(its, found, problems, false));
  }

  /**
   * The names of a table.
   *
   * @param header in its header, for example {@code child.command}
   * @param path in problems, for example {@code child[plc-1].command}
   * @param shared the same as strangers may see it
   * @param isListed whether it is one of a list of tables
   */
  private record Name(String header, String path, String shared, boolean isListed) {

    private Name inner(String key) {
      String quoted = Text.key(key);
      String inner = header.isEmpty() ? quoted : header + "." + quoted;
      return new Name(inner, pathOf(key), sharedPathOf(key), false);
    }

    private Name item(String key, String label) {
      String shown = ChildId.isValid(label) ? label : "********";
      return new Name(
          inner(key).header,
          pathOf(key) + "[" + label + "]",
          sharedPathOf(key) + "[" + shown + "]",
          true);
    }

    private String pathOf(String key) {
      return path.isEmpty() ? key : path + "." + key;
    }

    private String sharedPathOf(String key) {
      String shown = Kinds.sharedName(key);
      return shared.isEmpty() ? shown : shared + "." + shown;
    }

    private String line() {
      return isListed ? "[[" + header + "]]" : "[" + header + "]";
    }
  }
}
