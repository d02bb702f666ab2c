package io.github.childconnector.config;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.adapter.AdapterProvider;
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
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * Every key there is, as the readers themselves tell it when they find an empty configuration.
 *
 * @param keys by their paths, for example {@code child.command.install}
 */
@NullMarked
public record KeyTable(Map<String, Key> keys) {
  private static final Origin HERE = Origin.of("test", 0);
  private static final String ID = "the-id";

  /** What stands in for a path that is missing, and for what is made of it. */
  private static final Pattern DERIVED = Pattern.compile(".*(the-id|nowhere).*");

  private static final Pattern HEADER = Pattern.compile("\\[+(.*?)]+");
  private static final Pattern SETTING = Pattern.compile("([a-z_0-9]+) = (.*)");

  /**
   * One key.
   *
   * @param usual its default in TOML
   * @param isMissed whether an empty section is refused for want of it
   */
  public record Key(String usual, boolean isMissed) {

    /** Whether it may be left out and then has no value. */
    public boolean isNone() {
      return Stream.of("\"\"", "[]", "{}").anyMatch(usual::equals);
    }

    /** Whether its default is made of other values. */
    public boolean isDerived() {
      return DERIVED.matcher(usual).matches();
    }
  }

  /** The families of adapters that are installed. */
  public static List<AdapterProvider> families() {
    return ServiceLoader.load(AdapterProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** The keys of the connector and of all families. */
  public static KeyTable read() {
    List<Problem> problems = new ArrayList<>();
    List<Node> children =
        Stream.concat(
                Stream.of(new Table(Map.of(), HERE)),
                families().stream().map(AdapterProvider::name).map(KeyTable::child))
            .map(Node.class::cast)
            .toList();
    Section root =
        Section.root(new Table(Map.of("child", new Items(children, HERE)), HERE), problems);
    new ConnectorReader(root, problems).read(families(), name -> Optional.empty());
    return new KeyTable(keys(root.effective(false), Problem.sorted(problems)));
  }

  private static Table child(String adapter) {
    return new Table(
        Map.of("id", new Scalar(ID, HERE), "adapter", new Scalar(adapter, HERE)), HERE);
  }

  private static Map<String, Key> keys(String effective, List<Problem> problems) {
    Map<String, String> usual = new LinkedHashMap<>();
    String section = "";
    for (String line : effective.lines().toList()) {
      Matcher header = HEADER.matcher(line);
      Matcher setting = SETTING.matcher(line.replaceFirst(" # test$", ""));
      if (header.matches()) {
        section = header.group(1) + ".";
      } else if (setting.matches()) {
        usual.merge(section + setting.group(1), setting.group(2), KeyTable::moreTelling);
      }
    }
    List<String> missed =
        problems.stream()
            .filter(problem -> problem.sentence().startsWith("is missing"))
            .map(problem -> problem.key().replaceAll("\\[[^]]*]", ""))
            .toList();
    return usual.entrySet().stream()
        .collect(
            toMap(
                Map.Entry::getKey,
                entry -> new Key(entry.getValue(), missed.contains(entry.getKey())),
                (first, second) -> first,
                LinkedHashMap::new));
  }

  /** Of the children one has no id, and then the others tell what is made of it. */
  private static String moreTelling(String first, String second) {
    return DERIVED.matcher(second).matches() ? second : first;
  }

  /** Those of one family, by their own names. */
  public Map<String, Key> of(String family) {
    String section = "child." + family + ".";
    return keys.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(section))
        .collect(toMap(entry -> entry.getKey().substring(section.length()), Map.Entry::getValue));
  }
}
