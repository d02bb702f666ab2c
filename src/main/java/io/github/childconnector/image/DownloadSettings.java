package io.github.childconnector.image;

import io.github.childconnector.tls.TlsSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code [download]} section, and whom images may be fetched from.
 *
 * @param maxSize largest image in bytes
 * @param minFree bytes that must stay free on the disk
 * @param attempts how often one image is tried in all, at least 1
 * @param stallTimeout longest time without a byte (and until the headers are there)
 * @param deadline longest time for one image, all tries and pauses included
 * @param allowedHosts lower-case host names and addresses that may be asked
 * @param gatewayHost what stands in for a loopback address in a request; empty where the broker,
 *     and so the file server, is on this machine
 * @param tls for https addresses
 */
public record DownloadSettings(
    long maxSize,
    long minFree,
    int attempts,
    Duration stallTimeout,
    Duration deadline,
    Set<String> allowedHosts,
    Optional<String> gatewayHost,
    TlsSettings tls) {}
