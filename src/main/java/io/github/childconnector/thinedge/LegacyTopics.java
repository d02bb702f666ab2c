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
  private volatile Names names;

  private record Names(Map<ChildId, ChildId> externalIds, Map<ChildId, ChildId> childIds) {
    private static Names of(Map<ChildId, ChildId> externalIds) {
      return new Names(
          Map.copyOf(externalIds),
          externalIds.entrySet().stream()
              .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey)));
    }
  }

  /** Topics of children whose external ids are these. */
  public LegacyTopics(Map<ChildId, ChildId> externalIds) {
    names = Names.of(externalIds);
    everKnown.putAll(externalIds);
  }

  /** Changes the children: from now on they are these. */
  public void change(Map<ChildId, ChildId> externalIds) {
    everKnown.putAll(externalIds);
    names = Names.of(externalIds);
  }

  /** The topics to subscribe to, so that the requests of these children arrive. */
  public Set<String> requests(Collection<ChildId> children) {
    return children.stream().map(this::request).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a text is a topic on which requests of one child arrive. */
  public static boolean isRequest(String topic) {
    Matcher request = REQUEST.matcher(topic);
    return request.matches() && ChildId.isValid(request.group(1));
  }

  /** The topic at which the requests of a child arrive. */
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
    Matcher request = REQUEST.matcher(topic);
    if (!request.matches() || !ChildId.isValid(request.group(1))) {
      return Optional.empty();
    }
    ChildId external = new ChildId(request.group(1));
    Names now = names;
    ChildId child = now.childIds.getOrDefault(external, external);
    return Optional.of(child)
        .filter(known -> now.externalIds.getOrDefault(known, known).equals(external));
  }

  private ChildId external(ChildId child) {
    return everKnown.getOrDefault(child, child);
  }
}
