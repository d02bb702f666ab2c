package io.github.childconnector.adapter;

import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  /**
   * The means to install on a device that comes by itself, without a thread that waits for it; the
   * engine then offers, and never calls {@link #install}. Empty if the adapter goes to the device.
   */
  default Optional<Offering> offering() {
    return Optional.empty();
  }

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
   *
   * @throws DeviceBusyException it could not be ended, or it cannot be seen whether there is any;
   *     says what it is and what an operator can do, as in {@code 4711 avrdude of root cannot be
   *     ended; end it (kill 4711)}. Called again after a while, and the device is left alone until
   *     then
   */
  default void endLeftovers(FirmwareUpdate update)
      throws DeviceBusyException, InterruptedException {}

  /**
   * Returns if nothing is known to be at work at the device still that was left there by any
   * operation of the child, in this process or an earlier one. Ends nothing, and is quick: called
   * before the device is asked or touched for an operation.
   *
   * @throws DeviceBusyException as that of {@link #endLeftovers}
   */
  default void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {}

  /**
   * The means to try it out on the gateway, by {@code adapter-test}; empty if nothing can be said
   * about it that way.
   *
   * @param scratch an empty directory for what the adapter would note elsewhere
   */
  default Optional<Trial> trial(Path scratch) {
    return Optional.empty();
  }

  /**
   * The things that an operator should see to before the first update, for example {@code install:
   * /opt/plc/flash.sh is not there …}, each line with the key it is about. It does not keep the
   * child from being served, because it may be mended at any time.
   */
  default List<String> troubles() {
    return List.of();
  }

  /**
   * An adapter's capability to install by offering an image to a device that comes when it likes.
   * What is to be done then is done by the threads that answer devices.
   */
  interface Offering {

    /** How long an offer waits for the device to come at all; it is made again after a pause. */
    Duration patience();

    /**
     * Offers an image to the device from now on, and returns at once.
     *
     * @param news is run when the device has come and when the offer is over, by any thread;
     *     returns at once, and may be run more often than there are news
     * @throws UpdateException the image cannot be offered; nothing was changed on the device
     */
    Standing offer(Installation installation, Progress progress, Runnable news)
        throws UpdateException, InterruptedException;

    /** An offer of an image to a device, which stands until it is closed. Safe for threads. */
    interface Standing extends AutoCloseable {
      /** Whether the device has come, or has begun with this image before. */
      boolean isHeard();

      /** Whether the device has taken the image, or never will. */
      boolean isOver();

      /** Whether the device is being written, or was a moment ago. */
      boolean isWriting();

      /** Closes it unless the device has come; returns whether it did. */
      boolean withdraw();

      /** Tells of a device that does not come, for example {@code it has not polled … for 5m}. */
      String silence();

      /**
       * Returns if the device has taken the image, once the offer is over.
       *
       * @throws UpdateException the installation failed
       */
      void requireSuccess() throws UpdateException;

      /** Offers it no longer. Closing again has no effect. */
      @Override
      void close();
    }
  }

  /** An adapter's capability to see which version its device runs. */
  interface VersionReader {

    /**
     * The version the device runs now, as compared for equality with the requested one.
     *
     * @param update the operation for which it is asked
     * @throws UpdateException the device did not answer, or not with a version
     */
    String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException;
  }

  /**
   * An adapter's capability to make an installation final once it has shown itself: until then the
   * device, or what flashes it, still could go back.
   *
   * <p>Called after the device was seen to run the requested version, or after {@code install}
   * where the adapter cannot see versions, and before the update is successful. It is called again
   * for the same update when the connector was stopped in the middle of it or right after it, so it
   * must be possible to commit twice.
   */
  interface Commitment {

    /**
     * Makes the installation final.
     *
     * @throws UpdateException it could not be; the update fails, and is rolled back where that is
     *     possible
     */
    void commit(FirmwareUpdate update, Progress progress)
        throws UpdateException, InterruptedException;
  }

  /** An adapter's capability to put back what the device ran before a failed installation. */
  interface Rollback {

    /** How the device was left. */
    enum Result {
      /** The device has its old firmware again. */
      RESTORED,
      /** The installation failed before it came to the device, which has its old firmware still. */
      UNTOUCHED
    }

    /**
     * Restores the old firmware.
     *
     * @throws UpdateException it could not be restored; says why
     */
    Result restore(FirmwareUpdate update, Progress progress)
        throws UpdateException, InterruptedException;
  }

  /**
   * A thing that an adapter keeps open for as long as its child is served, such as a port that
   * devices ask. Several children may share what is behind it.
   */
  interface Endpoint {

    /**
     * Opens it; called once, before the adapter is asked for anything at a device.
     *
     * @throws IOException it cannot be opened; says what is wrong, and what to do
     */
    void open() throws IOException;

    /** Closes it. What the adapter is doing for an operation at that moment goes on undisturbed. */
    void close();
  }
}
