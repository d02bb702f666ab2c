package io.github.childconnector.thinedge;

import java.time.Duration;
import java.util.List;

/**
 * What the {@code [thin_edge]} section says of the other side; the heartbeat is the engine's.
 *
 * @param protocols the contracts served; this version knows {@code legacy}
 * @param topicRoot first level of thin-edge's topics; the legacy contract does not use it
 * @param updateTimeout how long thin-edge waits for a sign of life of an update before it gives up
 */
public record ThinEdgeSettings(List<String> protocols, String topicRoot, Duration updateTimeout) {

  /** Keeps its own copy of the protocols. */
  public ThinEdgeSettings {
    protocols = List.copyOf(protocols);
  }
}
