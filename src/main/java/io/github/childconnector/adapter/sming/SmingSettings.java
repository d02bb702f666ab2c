package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.sming.Packager.Packaging;
import io.github.childconnector.mqtt.MqttSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * A child's {@code [child.sming]} table. A sample of it is in {@code examples/sming}.
 *
 * @param broker the one that the devices are connected to
 * @param rules which versions are published, and where
 * @param images which images are
 * @param packaging in what form
 * @param retainFor how long the image stays at the broker for a device that is away; empty where it
 *     is only for those who are there
 * @param version where the device says what it runs
 * @param log where, without that, the broker says that the device has started again
 */
record SmingSettings(
    MqttSettings broker,
    VersionRules rules,
    ImageRules images,
    Packaging packaging,
    Optional<Duration> retainFor,
    Optional<VersionMessage> version,
    Optional<SubscriptionLog> log) {}
