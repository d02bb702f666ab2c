package io.github.childconnector.config;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.update.Child;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The difference between two configurations.
 *
 * @param added the children that only the later one has
 * @param removed the children that only the earlier one has
 * @param sections the other sections that differ, which take effect at the next start
 */
public record ConfigChange(List<String> added, List<String> removed, List<String> sections) {

  /** Compares two configurations. */
  public static ConfigChange between(ConnectorConfig earlier, ConnectorConfig later) {
    return new ConfigChange(
        without(ids(later), ids(earlier)),
        without(ids(earlier), ids(later)),
        sections(earlier, later));
  }

  private static TreeSet<String> ids(ConnectorConfig config) {
    TreeSet<String> ids = new TreeSet<>();
    config.children().stream().map(Child::id).map(ChildId::value).forEach(ids::add);
    return ids;
  }

  private static List<String> without(TreeSet<String> all, TreeSet<String> others) {
    return all.stream().filter(id -> !others.contains(id)).toList();
  }

  private static List<String> sections(ConnectorConfig earlier, ConnectorConfig later) {
    List<String> sections = new ArrayList<>();
    note(sections, "[mqtt]", earlier.mqtt().equals(later.mqtt()));
    note(sections, "[thin_edge]", earlier.updateTimeout().equals(later.updateTimeout()));
    note(sections, "[storage]", earlier.storage().equals(later.storage()));
    note(sections, "[download]", earlier.download().equals(later.download()));
    note(sections, "[updates]", earlier.updates().equals(later.updates()));
    return sections;
  }

  private static void note(List<String> sections, String name, boolean isSame) {
    if (!isSame) {
      sections.add(name);
    }
  }

  /**
   * Sums up what happened to the children.
   *
   * <p>Sample: {@code added plc-3; removed plc-1; the others have the settings that are there now}.
   */
  public String summary() {
    List<String> parts = new ArrayList<>();
    name(parts, "added ", added);
    name(parts, "removed ", removed);
    parts.add("the others have the settings that are there now");
    return String.join("; ", parts);
  }

  private static void name(List<String> parts, String verb, List<String> children) {
    if (!children.isEmpty()) {
      parts.add(verb + String.join(", ", children));
    }
  }
}
