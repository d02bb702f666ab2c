package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.Optional;

/**
 * The last word to a device to start what it has got. It is restarting then: a claim to have less
 * of that version was made before, and is brought late by whoever speaks for it. An answer would be
 * for a device that does not exist any more, and might be handed to the one that comes.
 */
final class RecentSwap {
  /** Longer than what speaks for devices holds a status back, which is less than a second. */
  static final Duration SETTLING = Duration.ofSeconds(5);

  private final MonotonicClock clock;
  private Optional<Status.Received> claim = Optional.empty();
  private Deadline end;

  RecentSwap(MonotonicClock clock) {
    this.clock = clock;
    this.end = Deadline.after(Duration.ZERO, clock);
  }

  /** Notes what is said to a device upon a status. */
  void note(Status status, DfuCommand command) {
    if (command instanceof DfuCommand.Swap) {
      claim = status.update();
      end = Deadline.after(SETTLING, clock);
    }
  }

  /** Whether a status was true only before it. */
  boolean isAfter(Status status) {
    return !end.expired()
        && status
            .update()
            .filter(
                old ->
                    claim
                        .filter(whole -> whole.version().equals(old.version()))
                        .filter(whole -> whole.offset() > old.offset())
                        .isPresent())
            .isPresent();
  }
}
