package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.operation.ChildId;
import java.time.Duration;
import java.util.Optional;

/**
 * A child device as the engine sees it.
 *
 * @param bus the name of what it shares with other children, of which only one is touched at a time
 * @param installTimeout longest time to install, over restarts of the connector too; also for one
 *     rollback
 * @param confirmTimeout longest time until the device must be seen to run the new version
 * @param versionTimeout longest time for one reading of the version
 */
public record Child(
    ChildId id,
    DeviceAdapter adapter,
    Optional<String> bus,
    Duration installTimeout,
    Duration confirmTimeout,
    Duration versionTimeout) {}
