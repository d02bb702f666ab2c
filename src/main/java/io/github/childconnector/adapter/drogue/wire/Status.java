package io.github.childconnector.adapter.drogue.wire;

import java.util.Optional;

/**
 * A status of a device: the version it runs, and how far it is with another. Numbers are unsigned
 * 32 bit, in a long.
 *
 * @param version what it runs
 * @param mtu bytes it can take at a time
 * @param correlationId what is to be said in the answer
 * @param update what it has received of another version
 */
public record Status(
    DeviceVersion version,
    Optional<Long> mtu,
    Optional<Long> correlationId,
    Optional<Received> update) {

  /**
   * The part that a device has of a version that it does not run yet.
   *
   * @param offset where it wants to go on, which is not always what it has
   */
  public record Received(DeviceVersion version, long offset) {}
}
