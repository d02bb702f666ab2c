package io.github.childconnector.thinedge;

import java.time.Duration;

/**
 * What the {@code [thin_edge]} section says of the other side; the heartbeat is the engine's.
 *
 * @param updateTimeout how long thin-edge waits for a sign of life of an update before it gives up
 */
public record ThinEdgeSettings(Duration updateTimeout) {}
