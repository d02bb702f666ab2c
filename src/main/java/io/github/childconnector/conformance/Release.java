package io.github.childconnector.conformance;

import io.github.childconnector.operation.Firmware;
import java.nio.file.Path;

/**
 * A firmware with the file that holds its image.
 *
 * @param firmware its version is the one that the device will tell
 */
public record Release(Firmware firmware, Path file) {}
