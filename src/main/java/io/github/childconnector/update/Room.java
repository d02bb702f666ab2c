package io.github.childconnector.update;

import io.github.childconnector.operation.Stage;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The room on the disk for images: knows whether one that found none may hope for some, because
 * other updates under way hold images that will go, or were fetched beside it. Those that wait try
 * again one after the other.
 */
final class Room {
  private static final Set<Stage> HOLDING =
      Set.of(Stage.READY, Stage.INSTALLING, Stage.CONFIRMING, Stage.ROLLING_BACK);

  private final Supplier<Collection<Operation>> underWay;

  /** The operations that fetch at the moment, and whether each had the whole room for itself. */
  private final Map<Operation, Boolean> fetching = new HashMap<>();

  private final Set<Operation> waiting = new LinkedHashSet<>();

  /** Room that is shared by these operations. */
  Room(Supplier<Collection<Operation>> underWay) {
    this.underWay = underWay;
  }

  /** An operation begins to fetch its image. */
  synchronized void begin(Operation operation) {
    waiting.remove(operation);
    fetching.replaceAll((other, isAlone) -> false);
    fetching.put(operation, fetching.isEmpty() && !areHeld(operation));
  }

  private boolean areHeld(Operation operation) {
    return underWay.get().stream()
        .filter(other -> !other.hasImageOf(operation))
        .anyMatch(Room::holds);
  }

  /** Whether it has its image, also where that is only being written to the journal. */
  private static boolean holds(Operation operation) {
    Stage stage = operation.stage();
    return HOLDING.contains(stage) || (stage == Stage.FETCHING && operation.image().isPresent());
  }

  /** Takes note that an operation has fetched its image, or never will. */
  synchronized void end(Operation operation) {
    boolean unused = fetching.remove(operation) != null;
  }

  /** Returns whether others may free the room that an operation did not find; it then waits. */
  boolean isAwaited(Operation operation) {
    boolean mayHope = hope(operation);
    if (isQuiet()) {
      freed();
    }
    return mayHope;
  }

  private synchronized boolean hope(Operation operation) {
    boolean wasAlone = Boolean.TRUE.equals(fetching.remove(operation));
    boolean mayHope = !wasAlone || areHeld(operation);
    if (mayHope) {
      waiting.add(operation);
    }
    return mayHope;
  }

  /** Whether nothing is fetched or held whose end would wake those that wait. */
  private synchronized boolean isQuiet() {
    return fetching.isEmpty() && waiting.stream().noneMatch(this::areHeld);
  }

  /** Lets the first one that waits try again, because something was freed. */
  void freed() {
    next().ifPresent(operation -> operation.rest().wake());
  }

  private synchronized Optional<Operation> next() {
    Optional<Operation> first = waiting.stream().findFirst();
    first.ifPresent(waiting::remove);
    return first;
  }
}
