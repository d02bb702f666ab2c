package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.UpdateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that was configured, valid as a whole.
 *
 * @param mqtt the broker
 * @param thinEdge how thin-edge is spoken to
 * @param storage the directory below which everything is kept
 * @param download how images are fetched
 * @param updates how operations are worked on
 * @param children the devices, in the order of the files; there may be none yet
 * @param externalIds the name of each child in thin-edge's topics
 */
public record ConnectorConfig(
    MqttSettings mqtt,
    ThinEdge thinEdge,
    Path storage,
    DownloadSettings download,
    UpdateSettings updates,
    List<Child> children,
    Map<ChildId, ChildId> externalIds) {

  /**
   * How thin-edge is spoken to.
   *
   * @param directory of thin-edge's own files
   * @param updateTimeout how long it waits for a sign of life of an update before it gives up
   * @param protocols the ways by which requests are taken, {@link Request#LEGACY} or {@link
   *     Request#V1} or both
   * @param topicRoot the first part of its own topics, for example {@code te}
   */
  public record ThinEdge(
      Path directory, Duration updateTimeout, Set<String> protocols, String topicRoot) {

    /** Keeps its own copy of the protocols. */
    public ThinEdge {
      protocols = Set.copyOf(protocols);
    }
  }

  /** Keeps its own copies of the children and their names. */
  public ConnectorConfig {
    children = List.copyOf(children);
    externalIds = Map.copyOf(externalIds);
  }

  /** The same with the children of another one. */
  public ConnectorConfig withChildrenOf(ConnectorConfig other) {
    return new ConnectorConfig(
        mqtt, thinEdge, storage, download, updates, other.children, other.externalIds);
  }

  /** Names the sections besides children that differ, which take effect at the next start. */
  public List<String> changedSections(ConnectorConfig earlier) {
    return Stream.of(
            mqtt.equals(earlier.mqtt) ? "" : "[mqtt]",
            thinEdge.equals(earlier.thinEdge) ? "" : "[thin_edge]",
            storage.equals(earlier.storage) ? "" : "[storage]",
            download.equals(earlier.download) ? "" : "[download]",
            updates.equals(earlier.updates) ? "" : "[updates]")
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /**
   * Sums up what happened to the children.
   *
   * <p>Sample: {@code added plc-3; removed plc-1; the others have the settings that are there now}.
   */
  public String changedChildren(ConnectorConfig earlier) {
    return Stream.of(
            named("added ", minus(earlier)),
            named("removed ", earlier.minus(this)),
            "the others have the settings that are there now")
        .filter(part -> !part.isEmpty())
        .collect(joining("; "));
  }

  private static String named(String verb, SortedSet<String> children) {
    return children.isEmpty() ? "" : verb + String.join(", ", children);
  }

  private SortedSet<String> minus(ConnectorConfig other) {
    SortedSet<String> ids = new TreeSet<>();
    children.forEach(child -> ids.add(child.id().value()));
    other.children.forEach(child -> ids.remove(child.id().value()));
    return ids;
  }

  /** The directory of the journal. */
  public Path operations() {
    return storage.resolve("operations");
  }

  /** The file of the topics that the broker's session may hold. */
  public Path subscriptions() {
    return storage.resolve("subscriptions");
  }

  /** The directory of the commands that their requesters have not cleared. */
  public Path commands() {
    return storage.resolve("commands");
  }

  /** The directory of the images. */
  public Path images() {
    return storage.resolve("images");
  }
}
