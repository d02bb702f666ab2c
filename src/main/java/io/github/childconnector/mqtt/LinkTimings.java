package io.github.childconnector.mqtt;

import java.time.Duration;

/**
 * The times that a link waits.
 *
 * @param connect until the broker has accepted a connection
 * @param answer until it has acknowledged a subscription or a message
 * @param farewell until a connection is given up in order
 * @param firstPause before the second try to connect; doubled with each further one
 * @param longestPause up to this
 * @param stable after which a connection is taken for a success: shorter ones lengthen the pause,
 *     so that two clients with one id do not throw each other out once a second
 * @param keepAlive whole seconds of silence after which the broker is asked whether it is there
 * @param refused before a subscription that was refused is tried again
 */
record LinkTimings(
    Duration connect,
    Duration answer,
    Duration farewell,
    Duration firstPause,
    Duration longestPause,
    Duration stable,
    Duration keepAlive,
    Duration refused) {

  /** The times of the daemon. */
  static LinkTimings usual() {
    return new LinkTimings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60));
  }
}
