package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.journal.Journal;
import java.time.InstantSource;

/**
 * The surroundings that the engine works with.
 *
 * @param journal where operations are remembered
 * @param images where images come from
 * @param statuses where reports go
 * @param clock what every wait is bounded by
 * @param time the clock of the day, for the journal's readers only
 */
public record Ports(
    Journal journal,
    ImageSource images,
    StatusSink statuses,
    MonotonicClock clock,
    InstantSource time) {}
