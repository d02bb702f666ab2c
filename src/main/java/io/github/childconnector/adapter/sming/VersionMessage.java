package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.answer.VersionFinder.NoVersionException;
import java.nio.charset.StandardCharsets;

/**
 * The topic on which a device says which version it runs, and how that is found in what it says.
 *
 * @param topic what the device publishes to
 */
record VersionMessage(String topic, VersionFinder finder) {
  /** In bytes; a version comes with a little telemetry. */
  private static final int LARGEST = 4096;

  /** The version in a message. */
  String version(byte[] payload) throws NoVersionException {
    if (payload.length > LARGEST) {
      throw new NoVersionException("that has more than %d bytes".formatted(LARGEST));
    }
    return finder.find(new String(payload, StandardCharsets.UTF_8));
  }

  /** Whether a message says that this version runs. */
  boolean tells(byte[] payload, String version) {
    try {
      return version(payload).equals(version);
    } catch (NoVersionException e) {
      return false;
    }
  }
}
