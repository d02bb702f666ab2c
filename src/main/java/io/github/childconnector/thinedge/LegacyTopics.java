package io.github.childconnector.thinedge;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The topics of the legacy contract, {@code tedge/<external id>/commands/req/firmware_update} and
 * {@code …/res/firmware_update}. The root is always {@code tedge}, whatever thin-edge's {@code
 * mqtt.topic_root} says, and a child is named by its external id. The children may change while the
 * topics are in use; the statuses of one that is gone still go where they went.
 */
public final class LegacyTopics {
  private static final Pattern REQUEST =
      Pattern.compile("tedge/([^/]+)/commands/req/firmware_update");

  private final Map<ChildId, ChildId> everKnown = new ConcurrentHashMap<>();
  private volatile Map<ChildId, ChildId> externalIds;

  public LegacyTopics(Map<ChildId, ChildId> externalIds) {
    this.externalIds = Map.copyOf(externalIds);
    everKnown.putAll(externalIds);
  }

  /** Changes the children: from now on they are these. */
  public void change(Map<ChildId, ChildId> others) {
    everKnown.putAll(others);
    externalIds = Map.copyOf(others);
  }

  /** The topics to subscribe to, so that the requests of these children arrive. */
  public Set<String> requests(Collection<ChildId> children) {
    return children.stream().map(this::request).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a text is a topic on which requests of one child arrive. */
  public static boolean isRequest(String topic) {
    return addressee(topic).isPresent();
  }

  private static Optional<ChildId> addressee(String topic) {
    Matcher request = REQUEST.matcher(topic);
    return request.matches() && ChildId.isValid(request.group(1))
        ? Optional.of(new ChildId(request.group(1)))
        : Optional.empty();
  }

  public String request(ChildId child) {
    return "tedge/" + external(child) + "/commands/req/firmware_update";
  }

  /** The topic to which the statuses of an operation go. */
  public String response(OperationKey operation) {
    return "tedge/" + external(operation.child()) + "/commands/res/firmware_update";
  }

  /**
   * Returns whose requests arrive on a topic; a child that is not configured keeps its external id.
   * Empty where that is the id of a configured child, which is another: the broker's session may
   * still hold a subscription from before the configuration was changed.
   */
  Optional<ChildId> child(String topic) {
    return addressee(topic).flatMap(this::named);
  }

  private Optional<ChildId> named(ChildId external) {
    Map<ChildId, ChildId> now = externalIds;
    return now.entrySet().stream()
        .filter(child -> child.getValue().equals(external))
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> Optional.of(external).filter(child -> !now.containsKey(child)));
  }

  private ChildId external(ChildId child) {
    return everKnown.getOrDefault(child, child);
  }
}
