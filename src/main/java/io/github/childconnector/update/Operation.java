package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter.Offering.Standing;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.journal.Effort;
import io.github.childconnector.journal.Effort.Limit;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.journal.JournalEntry.Asked;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/** An operation under way: what the journal says of it, and what this process adds. */
final class Operation {
  /** The limits that end with the stage in which they began. */
  private static final Set<Limit> LIMITS_OF_STAGE =
      Set.of(Limit.INSTALL, Limit.CONFIRM, Limit.COMMIT);

  private final DeviceCalls device;
  private final Stopwatches times;
  private final Lock lock;
  private volatile FirmwareUpdate update;
  private volatile JournalEntry entry;
  private volatile boolean cutOff;
  private Optional<FirmwareImage> image = Optional.empty();
  private Optional<Deadline> room = Optional.empty();
  private Optional<Deadline> leftovers = Optional.empty();
  private volatile Optional<OpenOffer> offer = Optional.empty();
  private volatile Optional<Wait> wait = Optional.empty();
  private volatile boolean isPressed;
  private volatile boolean isHeldUp;
  private volatile boolean isGone;
  private final Rest rest = new Rest();

  /**
   * The next step of an operation.
   *
   * @param failure why it failed, or will unless the device turns out to run the firmware
   * @param pause how long it leaves the device alone before that
   * @param interrupted whether it goes there because its present stage was cut off
   * @param rest what it waits for where it is, at most for the pause, if it stays there
   */
  record Transition(
      Stage next,
      Optional<Failure> failure,
      Duration pause,
      boolean interrupted,
      Optional<Wait> rest) {

    private static Transition plain(Stage next, Optional<Failure> failure, Duration pause) {
      return new Transition(next, failure, pause, false, Optional.empty());
    }

    static Transition to(Stage next) {
      return plain(next, Optional.empty(), Duration.ZERO);
    }

    static Transition to(Stage next, Failure failure) {
      return plain(next, Optional.of(failure), Duration.ZERO);
    }

    static Transition later(Stage next, Duration pause) {
      return plain(next, Optional.empty(), pause);
    }

    static Transition again(Stage next) {
      return new Transition(next, Optional.empty(), Duration.ZERO, true, Optional.empty());
    }

    /** Stays in the present stage, without a thread and at most for so long. */
    static Transition rest(Stage present, Duration limit, Wait wait) {
      return new Transition(present, Optional.empty(), limit, false, Optional.of(wait));
    }

    /** Whether the operation goes on only after a while. */
    boolean isPause() {
      return rest.isPresent() || !pause.isZero();
    }
  }

  /**
   * An offer that stands for an operation.
   *
   * @param patience until when the device is waited for at all
   */
  record OpenOffer(Standing offer, Deadline patience) {}

  /**
   * Takes up an operation.
   *
   * @param cutOff whether an earlier process began its present stage and did not end it
   */
  Operation(DeviceCalls device, FirmwareUpdate update, JournalEntry entry, boolean cutOff) {
    this.device = device;
    this.update = update;
    this.cutOff = cutOff;
    this.entry = entry;
    this.times = new Stopwatches(entry.effort().times(), device.clock());
    this.lock = device.clock().threads().lock();
  }

  Child child() {
    return device.child();
  }

  /** The calls of its child's adapter. */
  DeviceCalls device() {
    return device;
  }

  FirmwareUpdate update() {
    return update;
  }

  OperationKey key() {
    return update.key();
  }

  JournalEntry entry() {
    return entry;
  }

  Stage stage() {
    return entry.stage();
  }

  /** Goes back to the old firmware if the adapter can, else to the end. */
  Transition afterFailure(Failure failure) {
    boolean canRestore = child().adapter().rollback().isPresent();
    return Transition.to(canRestore ? Stage.ROLLING_BACK : Stage.FAILED, failure);
  }

  /** Takes the whole of an entry of which only a part was in memory. */
  void complete(JournalEntry whole) {
    update = whole.update().orElse(update);
    entry = whole;
  }

  void moveTo(JournalEntry next) {
    if (next.stage() != entry.stage()) {
      LIMITS_OF_STAGE.forEach(limit -> times.running(limit).ifPresent(run -> times.stop(limit)));
    }
    entry = next;
    cutOff = false;
  }

  /** The requests for it up to now. */
  List<Asked> requests() {
    return entry.requests();
  }

  /** Takes note that its image turned out to have this digest. */
  void found(Sha256 digest) {
    if (update.digest().isEmpty()) {
      update = update.withDigest(digest);
    }
  }

  /** Whether it is about the image of another, as far as their digests are known. */
  boolean hasImageOf(Operation other) {
    return update.digest().isPresent() && update.digest().equals(other.update.digest());
  }

  /** Ends its time in memory: from now on only the journal takes requests for it. */
  void leave() {
    isGone = true;
  }

  boolean isGone() {
    return isGone;
  }

  /** Takes note that the journal has its times, or its requests. */
  void noted(JournalEntry same) {
    entry = same;
  }

  /** The times that it has worked within its limits. */
  Stopwatches times() {
    return times;
  }

  /** The cost of this operation up to now. */
  Effort effort() {
    return entry.effort().lasting(times.times());
  }

  /** Guards that the journal says the same of it as memory does. */
  Lock lock() {
    return lock;
  }

  /** Whether its present stage was begun by an earlier process, which did not end it. */
  boolean isCutOff() {
    return cutOff;
  }

  /** Whether this process changes what its device runs, so that cutting it off would do harm. */
  boolean isChanging() {
    Stage stage = stage();
    return (stage == Stage.INSTALLING || stage == Stage.ROLLING_BACK) && !cutOff;
  }

  Optional<FirmwareImage> image() {
    return image;
  }

  void keep(FirmwareImage verified) {
    image = Optional.of(verified);
  }

  /** Whether its device was busy in this process. */
  boolean isBusy() {
    return times.running(Limit.BUSY).isPresent();
  }

  boolean hasAwaitedRoom() {
    return room.isPresent();
  }

  /** Until when it waits for room on the disk, which begins when that is first asked for. */
  Deadline room(Deadline beginning) {
    room = room.or(() -> Optional.of(beginning));
    return room.get();
  }

  /** Whether it waits for the end of what was left at work at its device. */
  boolean awaitsLeftovers() {
    return leftovers.isPresent();
  }

  /** Until when it waits for that, likewise. */
  Deadline leftovers(Deadline beginning) {
    leftovers = leftovers.or(() -> Optional.of(beginning));
    return leftovers.get();
  }

  /** Nothing is left at work. */
  void forgetLeftovers() {
    leftovers = Optional.empty();
  }

  /** The offer that stands for it. */
  Optional<OpenOffer> offer() {
    return offer;
  }

  void offers(OpenOffer standing) {
    isPressed = false;
    offer = Optional.of(standing);
  }

  /** Lets nothing stand any longer. */
  void closeOffer() {
    Optional<OpenOffer> last = offer;
    offer = Optional.empty();
    last.ifPresent(standing -> standing.offer().close());
  }

  /** The way in which it waits without a thread. */
  Rest rest() {
    return rest;
  }

  /** Somebody wants the bus, on which it only waits. */
  void press() {
    isPressed = true;
    rest.wake();
  }

  /** Whether it should let others onto its bus, as long as its device has not come. */
  boolean isPressed() {
    return isPressed;
  }

  /** The thing that it waits for now; empty while it is worked on. */
  Optional<Wait> waitsFor() {
    return wait;
  }

  void waitFor(Optional<Wait> now) {
    wait = now;
  }

  /** Whether its next step is done, and the journal does not take it. */
  boolean isHeldUp() {
    return isHeldUp;
  }

  void holdUp(boolean isHeld) {
    isHeldUp = isHeld;
  }
}
