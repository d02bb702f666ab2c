package io.github.childconnector.config;

import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.UpdateSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that was configured, valid as a whole.
 *
 * @param mqtt the broker
 * @param updateTimeout how long thin-edge waits for a sign of life of an update before it gives up
 * @param storage the directory below which everything is kept
 * @param download how images are fetched
 * @param updates how operations are worked on
 * @param children the devices, in the order of the files; there may be none yet
 * @param externalIds the name of each child in thin-edge's topics
 */
public record ConnectorConfig(
    MqttSettings mqtt,
    Duration updateTimeout,
    Path storage,
    DownloadSettings download,
    UpdateSettings updates,
    List<Child> children,
    Map<ChildId, ChildId> externalIds) {

  /** Keeps its own copies of the children and their names. */
  public ConnectorConfig {
    children = List.copyOf(children);
    externalIds = Map.copyOf(externalIds);
  }

  /** The same with the children of another one. */
  public ConnectorConfig withChildrenOf(ConnectorConfig other) {
    return new ConnectorConfig(
        mqtt, updateTimeout, storage, download, updates, other.children, other.externalIds);
  }

  /** The directory of the journal. */
  public Path operations() {
    return storage.resolve("operations");
  }

  /** The file of the topics that the broker's session may hold. */
  public Path subscriptions() {
    return storage.resolve("subscriptions");
  }

  /** The directory of the images. */
  public Path images() {
    return storage.resolve("images");
  }
}
