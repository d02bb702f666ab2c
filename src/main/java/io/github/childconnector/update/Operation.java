package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import java.util.Optional;

/** An operation under way: what the journal says of it, and what this process adds. */
final class Operation {
  private final Child child;
  private final FirmwareUpdate update;
  private volatile JournalEntry entry;
  private volatile boolean cutOff;
  private Optional<FirmwareImage> image = Optional.empty();
  private Optional<Deadline> busy = Optional.empty();

  /**
   * Takes up an operation.
   *
   * @param cutOff whether an earlier process began its present stage and did not end it
   */
  Operation(Child child, FirmwareUpdate update, JournalEntry entry, boolean cutOff) {
    this.child = child;
    this.update = update;
    this.cutOff = cutOff;
    this.entry = entry;
  }

  Child child() {
    return child;
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
