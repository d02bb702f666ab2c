package io.github.childconnector.cli;

import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import java.nio.file.Path;
import java.util.Map;

/**
 * What {@code request} takes from the configuration.
 *
 * @param broker where the connector listens for requests
 * @param externalIds the name of each configured child in thin-edge's topics
 */
public record RequestTarget(MqttSettings broker, Map<ChildId, ChildId> externalIds) {

  /** Whether a child has this id or external id in the configuration. */
  boolean isConfigured(ChildId child) {
    return externalIds.containsKey(child) || externalIds.containsValue(child);
  }

  /** The child's name in thin-edge's topics; of a child that is not configured, its id itself. */
  ChildId externalId(ChildId child) {
    return externalIds.getOrDefault(child, child);
  }

  /** Where a target comes from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads the target from a configuration file.
     *
     * @throws CommandException the configuration is wrong; with {@link ExitCode#CONFIG}
     */
    RequestTarget read(Path config) throws CommandException;
  }
}
