package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.journal.Journal;
import java.time.InstantSource;
import java.util.List;

/**
 * The surroundings that the engine works with.
 *
 * @param journal where operations are remembered
 * @param images where images come from
 * @param requesters where requests come from and reports go, in the order in which they are told
 * @param clock what every wait is bounded by
 * @param time the clock of the day, for the journal's readers only
 */
public record Ports(
    Journal journal,
    ImageSource images,
    List<Requester> requesters,
    MonotonicClock clock,
    InstantSource time) {

  /** Keeps its own copy of the list. */
  public Ports {
    requesters = List.copyOf(requesters);
  }
}
