package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import java.util.Optional;

/** An operation under way: what the journal says of it, and what this process adds. */
final class Operation {
  private final DeviceCalls device;
  private volatile FirmwareUpdate update;
  private volatile JournalEntry entry;
  private volatile boolean cutOff;
  private Optional<FirmwareImage> image = Optional.empty();
  private Optional<Deadline> busy = Optional.empty();

  /**
   * The next step of an operation.
   *
   * @param failure why it failed, or will unless the device turns out to run the firmware
   * @param pause how long it leaves the device alone before that
   * @param interrupted whether it goes there because its present stage was cut off
   */
  record Transition(Stage next, Optional<Failure> failure, Duration pause, boolean interrupted) {

    static Transition to(Stage next) {
      return new Transition(next, Optional.empty(), Duration.ZERO, false);
    }

    static Transition to(Stage next, Failure failure) {
      return new Transition(next, Optional.of(failure), Duration.ZERO, false);
    }

    static Transition later(Stage next, Duration pause) {
      return new Transition(next, Optional.empty(), pause, false);
    }

    static Transition again(Stage next) {
      return new Transition(next, Optional.empty(), Duration.ZERO, true);
    }
  }

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
    entry = next;
    cutOff = false;
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

  Optional<Deadline> busy() {
    return busy;
  }

  void busyUntil(Deadline limit) {
    busy = Optional.of(limit);
  }
}
