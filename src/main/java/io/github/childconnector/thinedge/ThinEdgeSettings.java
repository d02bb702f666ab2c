package io.github.childconnector.thinedge;

import java.time.Duration;

/**
 * The {@code [thin_edge]} section, as far as it is about the other side; the heartbeat is the
 * engine's.
 *
 * @param updateTimeout how long thin-edge waits for a sign of life of an update before it gives up
 */
public record ThinEdgeSettings(Duration updateTimeout) {}
