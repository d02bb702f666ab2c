package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.ManagementSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * A child's {@code [child.fuota]} table; the package documentation has a sample.
 *
 * @param listen where the server listens that the device polls
 * @param identity how that server shows who it is
 * @param deviceId the id with which the device polls
 * @param credentials what the device logs in with
 * @param slotSize bytes that fit into a slot of its flash
 * @param checkImage whether images must have the form of Espressif's
 * @param pollTimeout how long an update waits for the device to poll at all
 * @param management where scripts may manage the device
 */
record FuotaSettings(
    ListenAddress listen,
    ServerIdentity identity,
    String deviceId,
    BasicLogin credentials,
    long slotSize,
    boolean checkImage,
    Duration pollTimeout,
    Optional<ManagementSettings> management) {}
