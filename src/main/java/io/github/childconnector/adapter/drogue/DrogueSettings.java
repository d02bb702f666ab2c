package io.github.childconnector.adapter.drogue;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A child's {@code [child.drogue]} table; the package documentation has a sample.
 *
 * @param access where the device is to be found
 * @param directory where the connector remembers what was sent to devices
 * @param blocks in which pieces an image is sent
 * @param limits what the device can take at all
 * @param attempts how often the device may run the old version again
 * @param pollTimeout how long an update waits for the device to say anything
 */
record DrogueSettings(
    Access access,
    Path directory,
    BlockRules blocks,
    ImageLimits limits,
    int attempts,
    Duration pollTimeout) {}
