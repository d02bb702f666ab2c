package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.util.Optional;

/**
 * Decides what a device is told. Nobody else tells a device that it is wrong: it checks neither
 * what it writes nor what it starts, has no word for a failure, and forgets what it has got when it
 * restarts.
 *
 * @param target the version the device is to run
 * @param size bytes that are sent, the padding counted
 * @param attempts how often the device may run the old version again after it had all of them
 */
record DeliveryRules(DeviceVersion target, long size, BlockRules blocks, int attempts) {
  static final int MAX_SWAPS = 3;
  static final int MAX_LOSSES = 5;
  static final int MAX_DOUBTS = 5;

  /** Devices that fill up a last block of their own accord say that they have this much more. */
  private static final int USUAL_PADDING = 64;

  /** Decides what to do upon a status, given what was done so far. */
  Step after(Status status, DeliveryState known) {
    if (status.version().equals(target)) {
      return Step.word(Action.DONE, DeliveryState.NONE);
    }
    if (known.old().filter(old -> !old.equals(status.version())).isPresent()) {
      return failed(known, lying(status));
    }
    if (blocks.length(status.mtu()) == 0) {
      return failed(known, withoutBlocks(status));
    }
    Optional<Status.Received> claim = status.update().filter(update -> update.offset() > 0);
    return claim.isPresent() ? onClaim(status, claim.get(), known) : onNothing(status, known);
  }

  private Step onClaim(Status status, Status.Received claim, DeliveryState known) {
    if (!isProven(claim, known)) {
      return onDoubt(status, claim, known);
    }
    return claim.offset() >= size
        ? swap(status, known.trusted())
        : write(status, claim.offset(), known.trusted());
  }

  private boolean isProven(Status.Received claim, DeliveryState known) {
    boolean isWhole = known.delivered() >= size;
    long most =
        isWhole ? size + Math.max(blocks.alignment(), USUAL_PADDING) : known.delivered() + 1;
    return claim.version().equals(target)
        && known.first() > 0
        && claim.offset() >= known.first()
        && claim.offset() < most
        && known.doubted().filter(claim::equals).isEmpty();
  }

  /**
   * Sends the first block again, which makes a device forget. One that then claims something else
   * may only have counted on from what it had: the updater of devices does, and looks again at what
   * there is after a sync. Whoever still claims something else mixes two images: its flash has a
   * hole that nobody would notice.
   */
  private Step onDoubt(Status status, Status.Received claim, DeliveryState known) {
    boolean isOther = known.doubted().filter(claim::equals).isEmpty();
    if (known.doubts() == MAX_DOUBTS || (known.isAsked() && isOther)) {
      return failed(known, stale(claim));
    }
    boolean isAsked = known.isAsked() || (known.doubts() > 0 && isOther);
    return isAsked
        ? Step.word(Action.ASK, known.asked(claim))
        : write(status, 0, known.doubted(claim));
  }

  /** Begins: the device was restarted, or is new to this image. */
  private Step onNothing(Status status, DeliveryState known) {
    if (known.swaps() > 0) {
      DeliveryState next = known.reverted();
      return next.reverts() >= attempts
          ? failed(next, reverted(status, next))
          : write(status, 0, next.trusted());
    }
    if (known.isUnderWay()) {
      DeliveryState next = known.lost();
      return next.losses() > MAX_LOSSES
          ? failed(next, lost(next))
          : write(status, 0, next.trusted());
    }
    return write(status, 0, known.trusted());
  }

  private Step write(Status status, long offset, DeliveryState known) {
    if (known.trial()) {
      return Step.word(Action.SYNC, known.synced());
    }
    int block = blocks.length(status.mtu());
    long end = Math.min(size, offset + (offset == 0 ? first(block, known) : block));
    DeliveryState next = offset == 0 ? known.begun(end) : known.upTo(end);
    return new Step(Action.WRITE, next, offset, (int) (end - offset), "");
  }

  /** The length of the first block, by which no false claim must become true. */
  private int first(int block, DeliveryState known) {
    int half = block / 2 - block / 2 % blocks.alignment();
    boolean isClaimed = known.doubted().filter(claim -> claim.offset() == block).isPresent();
    return isClaimed && half > 0 ? half : block;
  }

  private Step swap(Status status, DeliveryState known) {
    return known.swaps() == MAX_SWAPS
        ? failed(known, notStarted())
        : Step.word(Action.SWAP, known.swapped(status.version()));
  }

  private static Step failed(DeliveryState known, String sentence) {
    return new Step(Action.FAIL, known.synced(), 0, 0, sentence);
  }

  private String lying(Status status) {
    return "The device took version %s and now says that it runs %s. Build the firmware so that it says %s, or give it the version %s in the cloud."
        .formatted(target, status.version(), target, status.version());
  }

  private String withoutBlocks(Status status) {
    return "The device takes %d bytes at a time (mtu), which is less than a block of %d (alignment). Correct its firmware, or the alignment."
        .formatted(status.mtu().orElse(0L), blocks.alignment());
  }

  private static String stale(Status.Received claim) {
    return "The device holds stale transfer state: it says, also when it is asked again, that it has %d bytes of version %s, which were not sent to it. Power-cycle it, then send the update again."
        .formatted(claim.offset(), claim.version());
  }

  private static String reverted(Status status, DeliveryState known) {
    return "The device took the image and runs %s again, %d times: it reverted to its old version, or lost its power when it was to start the new one. Look at its log; the image may be broken, or for another device."
        .formatted(status.version(), known.reverts());
  }

  private static String lost(DeliveryState known) {
    return "The device was restarted %d times in the middle of the transfer and lost what it had got. Check its power supply, and whether a watchdog restarts it."
        .formatted(known.losses());
  }

  private String notStarted() {
    return "The device has all of version %s and was told %d times to start it, but does not. Look at its log, then restart it and send the update again."
        .formatted(target, MAX_SWAPS);
  }

  /** The ways to answer a status. */
  enum Action {
    /** The device is told to keep what it runs. */
    SYNC,
    /** The device is told the same, and so to look at what it has and to ask again. */
    ASK,
    /** The device is sent a part of the image. */
    WRITE,
    /** The device is told to start the image. */
    SWAP,
    /**
     * The device runs the version, and is told to keep it at once: else it goes back at its
     * restart.
     */
    DONE,
    /** There is no sense in going on; the device is told to keep what it runs. */
    FAIL
  }

  /**
   * A step upon a status.
   *
   * @param delivery the state to be kept before anything is said
   * @param offset where the part begins that is sent, in bytes; 0 if none is
   * @param length of that part, in bytes
   * @param sentence why it fails; empty if it does not
   */
  record Step(Action action, DeliveryState delivery, long offset, int length, String sentence) {
    private static Step word(Action action, DeliveryState delivery) {
      return new Step(action, delivery, 0, 0, "");
    }
  }
}
