package io.github.childconnector.config;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import io.github.childconnector.update.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the {@code [[child]]} sections, each with the sub-table of its adapter. */
final class ChildrenReader {
  /** Stands in for an id that had to be refused; takes every form that families ask for. */
  private static final ChildId UNNAMED = new ChildId("unnamed");

  private static final Kind<ChildId> CHILD_ID =
      Kinds.parsed(
              text -> Optional.of(text).filter(ChildId::isValid).map(ChildId::new),
              "1 to 128 characters, none of them / + # or a control character",
              ChildId::value)
          .shared();

  private final Map<String, AdapterProvider> adapters;
  private final List<Child> children = new ArrayList<>();
  private final Map<ChildId, ChildId> externalIds = new LinkedHashMap<>();
  private final Map<ChildId, Origin> ids = new HashMap<>();
  private final Map<ChildId, Origin> names = new HashMap<>();

  ChildrenReader(List<AdapterProvider> adapters) {
    this.adapters =
        adapters.stream()
            .collect(
                toMap(AdapterProvider::name, it -> it, (first, second) -> first, TreeMap::new));
  }

  List<Child> children() {
    return children;
  }

  Map<ChildId, ChildId> externalIds() {
    return externalIds;
  }

  void read(Section child) {
    Optional<ChildId> given = child.required("id", CHILD_ID);
    ChildId id = given.orElse(UNNAMED);
    ChildId externalId = child.value("external_id", CHILD_ID, id);
    if (given.isPresent() && isNew(ids, child, "id", id)) {
      isNew(names, child, "external_id", externalId);
    }
    externalIds.put(id, externalId);
    Optional<DeviceAdapter> adapter = adapter(child, id);
    Optional<String> bus = child.optional("bus", Kinds.TEXT);
    Duration install = child.duration("install_timeout", Duration.ofMinutes(30));
    Duration confirm = child.duration("confirm_timeout", Duration.ofMinutes(5));
    Duration version = child.duration("version_timeout", Duration.ofSeconds(30));
    adapter.ifPresent(made -> children.add(new Child(id, made, bus, install, confirm, version)));
  }

  private static boolean isNew(Map<ChildId, Origin> seen, Section child, String key, ChildId id) {
    Origin earlier = seen.putIfAbsent(id, child.origin(key));
    if (earlier != null) {
      String taken = "is also the one of the child at " + earlier + "; give each child its own";
      child.problem(key, Text.quoted(id.value()) + " " + taken);
    }
    return earlier == null;
  }

  private Optional<DeviceAdapter> adapter(Section child, ChildId id) {
    Optional<String> name = child.required("adapter", Kinds.TEXT.sharedIf(adapters::containsKey));
    Optional<AdapterProvider> provider = name.flatMap(this::provider);
    if (provider.isEmpty()) {
      name.ifPresent(unknown -> child.problem("adapter", unknownAdapter(unknown)));
      child.passTables();
    }
    return provider.map(known -> known.create(id, child.adapterSection(known.name())));
  }

  private Optional<AdapterProvider> provider(String name) {
    return Optional.ofNullable(adapters.get(name));
  }

  private String unknownAdapter(String name) {
    String known = "adapters are " + String.join(", ", adapters.keySet());
    return "there is no adapter "
        + Text.quoted(name)
        + Problem.didYouMean(name, adapters.keySet())
            .map(question -> "; " + question + " The " + known)
            .orElse("; the " + known);
  }
}
