package io.github.childconnector.thinedge;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The topics of the legacy contract, {@code tedge/<external id>/commands/req/firmware_update} and
 * {@code …/res/firmware_update}. The root is always {@code tedge}, whatever {@code mqtt.topic_root}
 * says, and a child is named by its external id.
 */
public final class LegacyTopics {
  private static final Pattern REQUEST =
      Pattern.compile("tedge/([^/]+)/commands/req/firmware_update");

  private final Map<ChildId, ChildId> externalIds;
  private final Map<ChildId, ChildId> childIds;

  /** Topics of children whose external ids are these. */
  public LegacyTopics(Map<ChildId, ChildId> externalIds) {
    this.externalIds = Map.copyOf(externalIds);
    this.childIds =
        externalIds.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  /** What to subscribe to, so that the requests of these children arrive. */
  public Set<String> requests(Collection<ChildId> children) {
    return children.stream().map(this::request).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a text is a topic on which requests of one child arrive. */
  public static boolean isRequest(String topic) {
    Matcher request = REQUEST.matcher(topic);
    return request.matches() && ChildId.isValid(request.group(1));
  }

  /** Where the requests of a child arrive. */
  public String request(ChildId child) {
    return "tedge/" + external(child) + "/commands/req/firmware_update";
  }

  /** Where the statuses of an operation go. */
  public String response(OperationKey operation) {
    return "tedge/" + external(operation.child()) + "/commands/res/firmware_update";
  }

  /**
   * Whose requests arrive on a topic; a child that is not configured keeps its external id. Empty
   * where that is the id of a configured child, which is another: the broker's session may still
   * hold a subscription from before the configuration was changed.
   */
  Optional<ChildId> child(String topic) {
    Matcher request = REQUEST.matcher(topic);
    if (!request.matches() || !ChildId.isValid(request.group(1))) {
      return Optional.empty();
    }
    ChildId external = new ChildId(request.group(1));
    ChildId child = childIds.getOrDefault(external, external);
    return Optional.of(child).filter(known -> external(known).equals(external));
  }

  private ChildId external(ChildId child) {
    return externalIds.getOrDefault(child, child);
  }
}
