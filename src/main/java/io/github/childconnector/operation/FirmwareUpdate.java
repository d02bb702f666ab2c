package io.github.childconnector.operation;

/**
 * A valid request: bring this firmware, whose image lies at {@code url} and has this digest, to the
 * child of {@code key}.
 */
public record FirmwareUpdate(OperationKey key, Firmware firmware, Sha256 digest, String url) {}
