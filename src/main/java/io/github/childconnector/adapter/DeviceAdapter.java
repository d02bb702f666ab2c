package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.Optional;

/** Puts firmware on one child device, in whatever way that device wants it. */
public interface DeviceAdapter {

  /**
   * Installs an image; returns when the device has taken it, which it need not run yet where the
   * adapter can read versions.
   *
   * @throws DeviceBusyException the device cannot be touched now and was not; try again later
   * @throws UpdateException the installation failed
   * @throws InterruptedException the time is up or the connector stops; nothing the call started
   *     may still be running
   */
  void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException;

  /** The means to see which version the device runs; empty if this adapter cannot see it. */
  default Optional<VersionReader> versionReader() {
    return Optional.empty();
  }

  /** The means to restore the old firmware after a failed installation; empty if there is none. */
  default Optional<Rollback> rollback() {
    return Optional.empty();
  }

  /** Returns what is to be kept open while the child is served; empty if there is nothing. */
  default Optional<Endpoint> endpoint() {
    return Optional.empty();
  }

  /** The means to make a successful installation final; empty if it needs none. */
  default Optional<Commitment> commitment() {
    return Optional.empty();
  }

  /**
   * Whether an installation that was cut off at any point may simply be done again from its
   * beginning.
   */
  default boolean isRepeatable() {
    return false;
  }

  /**
   * Ends whatever an earlier process of this connector has left at work for an operation, when that
   * process was killed in the middle of it. Called before the device is asked what became of it, or
   * touched again.
   */
  default void endLeftovers(FirmwareUpdate update) throws InterruptedException {}

  /**
   * The means to try it out on the gateway, by {@code adapter-test}; empty if nothing can be said
   * about it that way.
   *
   * @param scratch an empty directory for what the adapter would note elsewhere
   */
  default Optional<Trial> trial(Path scratch) {
    return Optional.empty();
  }
}
