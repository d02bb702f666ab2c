package io.github.childconnector.thinedge.v1;

import io.github.childconnector.operation.ChildId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The topics of a child, {@code te/device/<name>//} and what lies below it, and those of our own
 * service. The root is thin-edge's {@code mqtt.topic_root}; a child's name there is its id unless
 * another is given. The children may change while the topics are in use; what is said of one that
 * is gone still goes where it went.
 */
public final class CommandTopics {
  /** The root where thin-edge's settings name no other. */
  public static final String DEFAULT_ROOT = "te";

  /** The name of our service at the main device. */
  static final String SERVICE = "tedge-child-connector";

  private static final String COMMANDS = "///cmd/firmware_update";
  private static final Pattern FILTER =
      Pattern.compile("[^+#]+/device/[^/+#]+///cmd/firmware_update/\\+");

  private final String root;
  private final Pattern command;
  private final Map<ChildId, String> everKnown = new ConcurrentHashMap<>();
  private volatile Map<ChildId, String> names;

  /** Topics below this root, of children with these names. */
  public CommandTopics(String root, Map<ChildId, String> names) {
    this.root = root;
    this.command = Pattern.compile(Pattern.quote(root) + "/device/([^/]+)" + COMMANDS + "/([^/]+)");
    this.names = Map.copyOf(names);
    everKnown.putAll(names);
  }

  /** Changes the children: from now on they are these. */
  public void change(Map<ChildId, String> others) {
    everKnown.putAll(others);
    names = Map.copyOf(others);
  }

  /** The filters to subscribe to, so that the commands for these children arrive. */
  public Set<String> commands(Collection<ChildId> children) {
    return children.stream()
        .map(child -> capability(child) + "/+")
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a text is a filter by which the commands for one child arrive. */
  public static boolean isFilter(String text) {
    return FILTER.matcher(text).matches();
  }

  /** The topic of a command. */
  public String command(CommandName name) {
    return capability(name.child()) + "/" + name.id();
  }

  /**
   * Finds the command whose topic this is. Empty where it is no command for a child that is
   * configured: the broker's session may still hold a subscription from before the configuration
   * was changed, and another connector may serve the child by now.
   */
  public Optional<CommandName> find(String topic) {
    Matcher found = command.matcher(topic);
    return found.matches()
        ? child(found.group(1)).map(child -> new CommandName(child, found.group(2)))
        : Optional.empty();
  }

  private Optional<ChildId> child(String name) {
    return names.entrySet().stream()
        .filter(child -> child.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The name of a child in its topics. */
  public String name(ChildId child) {
    return everKnown.getOrDefault(child, child.value());
  }

  /** The topic where a child is registered, for example {@code te/device/plc-1//}. */
  public String entity(ChildId child) {
    return device(child) + "//";
  }

  /** The topic where it is said that a child takes firmware updates. */
  public String capability(ChildId child) {
    return device(child) + COMMANDS;
  }

  /** The topic where it is said which firmware a child runs. */
  public String firmware(ChildId child) {
    return device(child) + "///twin/firmware";
  }

  /** The topic of events of a type, for example {@code te/device/plc-1///e/flashed}. */
  public String event(ChildId child, String type) {
    return device(child) + "///e/" + type;
  }

  /** The topic where an alarm of a type is raised and cleared. */
  public String alarm(ChildId child, String type) {
    return device(child) + "///a/" + type;
  }

  private String device(ChildId child) {
    return root + "/device/" + name(child);
  }

  /** The topic where our service is registered. */
  public String service() {
    return root + "/device/main/service/" + SERVICE;
  }

  /** The topic where it is said whether our service is up. */
  public String health() {
    return service() + "/status/health";
  }

  /** The topic where others ask our service to say that again. */
  public String healthCheck() {
    return service() + "/cmd/health/check";
  }
}
