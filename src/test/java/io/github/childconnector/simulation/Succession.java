package io.github.childconnector.simulation;

import io.github.childconnector.operation.ChildId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The order in which one life speaks of the operations of a child: of the next one only when a
 * pause is over since the end of the one before, or thin-edge's firmware plugin closes the wrong
 * one.
 */
final class Succession {
  /** How long thin-edge waits for a word about an operation. */
  static final Duration UPDATE_TIMEOUT = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofMillis(1500);

  /** Long before, an operation may have waited for too long. */
  private static final long PATIENCE = UPDATE_TIMEOUT.dividedBy(4).toNanos();

  private final Map<ChildId, Child> children = new HashMap<>();

  private static final class Child {
    private final Set<String> spokenOf = new HashSet<>();
    private final Set<String> open = new HashSet<>();
    private Optional<Long> end = Optional.empty();
  }

  /** Returns what is wrong with a status that is being told. */
  Optional<String> telling(Told told, ChildId child, long time) {
    Child known = children.computeIfAbsent(child, unused -> new Child());
    Optional<String> problem =
        told.isEnd() || !known.spokenOf.add(told.id()) || time >= PATIENCE
            ? Optional.empty()
            : overtaking(told, known, time);
    if (told.isEnd()) {
      known.spokenOf.add(told.id());
      known.open.remove(told.id());
      known.end = Optional.of(time);
    } else {
      known.open.add(told.id());
    }
    return problem;
  }

  private static Optional<String> overtaking(Told told, Child child, long time) {
    if (!child.open.isEmpty()) {
      return Optional.of(told + " told while " + child.open + " have not ended");
    }
    return child
        .end
        .map(end -> Duration.ofNanos(time - end))
        .filter(pause -> pause.compareTo(PAUSE) < 0)
        .map(pause -> told + " told " + pause + " after the end before it");
  }
}
