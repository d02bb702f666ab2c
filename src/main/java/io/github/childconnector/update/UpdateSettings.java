package io.github.childconnector.update;

import java.time.Duration;

/**
 * The {@code [updates]} section.
 *
 * @param parallelDownloads how many images are fetched at a time
 * @param parallelInstalls how many devices are worked on at a time
 * @param heartbeat pause between two {@code executing} reports of an operation
 * @param busyRetry pause before a busy device is tried again
 * @param busyTimeout longest time a device may stay busy
 * @param confirmInterval pause between two readings of the version while confirming
 * @param shutdownGrace how long a stop waits for devices that are being written
 * @param history how many ended operations of a child are remembered, so that a request sent again
 *     is answered and not carried out again
 */
public record UpdateSettings(
    int parallelDownloads,
    int parallelInstalls,
    Duration heartbeat,
    Duration busyRetry,
    Duration busyTimeout,
    Duration confirmInterval,
    Duration shutdownGrace,
    int history) {}
