package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.util.Optional;

/**
 * The state of bringing one image to one device: what was done so far. It outlives the process,
 * because what a device says it has got is believed only as far as it was sent from here.
 *
 * @param first the end of the first block; who claims less has not begun at the beginning
 * @param delivered the end of the last block that the device may have got
 * @param old what the device ran when it was told to start the image
 * @param swaps how often it was told so, since it last began
 * @param reverts how often it ran the old version again afterwards
 * @param losses how often it lost what it had got, before that
 * @param doubts how often it claimed what was not sent from here
 * @param doubted what it claimed then
 * @param isAsked whether it was asked what it really has, since it was last trusted
 * @param trial whether it may run a version that it was not told to keep yet
 */
record DeliveryState(
    long first,
    long delivered,
    Optional<DeviceVersion> old,
    int swaps,
    int reverts,
    int losses,
    int doubts,
    Optional<Status.Received> doubted,
    boolean isAsked,
    boolean trial) {
  static final DeliveryState NONE =
      new DeliveryState(0, 0, Optional.empty(), 0, 0, 0, 0, Optional.empty(), false, false);

  /**
   * After a power cut, say: whether it is told once too often to keep what it runs is no matter.
   */
  static final DeliveryState UNKNOWN =
      new DeliveryState(0, 0, Optional.empty(), 0, 0, 0, 0, Optional.empty(), false, true);

  /**
   * Whether the device has shown that it takes blocks from here: it got one, and asked for more.
   */
  boolean isUnderWay() {
    return delivered > first;
  }

  DeliveryState begun(long end) {
    return new DeliveryState(
        end, end, old, swaps, reverts, losses, doubts, doubted, isAsked, trial);
  }

  DeliveryState upTo(long end) {
    long most = Math.max(delivered, end);
    return new DeliveryState(
        first, most, old, swaps, reverts, losses, doubts, doubted, isAsked, trial);
  }

  /** The device is told to start the image. */
  DeliveryState swapped(DeviceVersion running) {
    return new DeliveryState(
        first,
        delivered,
        Optional.of(running),
        swaps + 1,
        reverts,
        losses,
        doubts,
        doubted,
        isAsked,
        true);
  }

  /** The device was told to keep what it runs. */
  DeliveryState synced() {
    return new DeliveryState(
        first, delivered, old, swaps, reverts, losses, doubts, doubted, isAsked, false);
  }

  /** The device runs the old version again, and has nothing. */
  DeliveryState reverted() {
    return new DeliveryState(
        0, 0, Optional.empty(), 0, reverts + 1, losses, doubts, doubted, isAsked, trial);
  }

  /** The device was restarted in the middle, and has nothing. */
  DeliveryState lost() {
    return new DeliveryState(
        0, 0, old, swaps, reverts, losses + 1, doubts, doubted, isAsked, trial);
  }

  /** The device claims what was not sent from here. */
  DeliveryState doubted(Status.Received claim) {
    return new DeliveryState(
        first,
        delivered,
        old,
        swaps,
        reverts,
        losses,
        doubts + 1,
        Optional.of(claim),
        isAsked,
        trial);
  }

  /** The device claims so after it began anew, and is asked what it has, by a word to keep. */
  DeliveryState asked(Status.Received claim) {
    return new DeliveryState(
        first, delivered, old, swaps, reverts, losses, doubts + 1, Optional.of(claim), true, false);
  }

  /** The device claims what was sent from here. */
  DeliveryState trusted() {
    return new DeliveryState(
        first, delivered, old, swaps, reverts, losses, 0, Optional.empty(), false, trial);
  }

  /**
   * Returns what another operation may build on.
   *
   * @param isSame whether that brings the same image
   */
  DeliveryState inherited(boolean isSame) {
    DeliveryState next = isSame ? NONE.begun(first).upTo(delivered) : NONE;
    return new DeliveryState(
        next.first, next.delivered, Optional.empty(), 0, 0, 0, 0, Optional.empty(), false, trial);
  }
}
