package io.github.childconnector.update;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets one turn at a time through for each key, in the order of arrival: the operations of a child,
 * the children of a bus, the downloads of one image.
 *
 * <p>A turn that waits holds no thread.
 */
final class Lanes<K> {
  private final Map<K, Lane> lanes = new HashMap<>();

  private record Turn(boolean presses, Consumer<Runnable> begin) {}

  private static final class Lane {
    private final Deque<Turn> waiting = new ArrayDeque<>();

    /** Tells the present turn that somebody presses, if it wants to know. */
    private Optional<Runnable> pressed = Optional.empty();

    private Optional<Runnable> press() {
      Optional<Runnable> told =
          waiting.stream().anyMatch(Turn::presses) ? pressed : Optional.empty();
      pressed = told.isPresent() ? Optional.empty() : pressed;
      return told;
    }
  }

  /**
   * Begins a turn now, or when those before it have left.
   *
   * @param presses whether one that only waits may be asked to let it go first
   * @param turn is given what is to be run once, by any thread, when the next may begin
   */
  void enter(K key, boolean presses, Consumer<Runnable> turn) {
    if (isFirst(key, new Turn(presses, turn))) {
      turn.accept(() -> leave(key));
    } else {
      press(key).ifPresent(Runnable::run);
    }
  }

  private synchronized boolean isFirst(K key, Turn turn) {
    Lane lane = lanes.get(key);
    if (lane != null) {
      lane.waiting.add(turn);
      return false;
    }
    lanes.put(key, new Lane());
    return true;
  }

  /** Runs this once, when somebody presses whoever has the turn now. */
  void whenPressed(K key, Runnable told) {
    setPressed(key, told);
    press(key).ifPresent(Runnable::run);
  }

  private synchronized void setPressed(K key, Runnable told) {
    Optional.ofNullable(lanes.get(key)).ifPresent(lane -> lane.pressed = Optional.of(told));
  }

  private synchronized Optional<Runnable> press(K key) {
    return Optional.ofNullable(lanes.get(key)).flatMap(Lane::press);
  }

  private void leave(K key) {
    next(key).ifPresent(turn -> turn.begin().accept(() -> leave(key)));
  }

  private synchronized Optional<Turn> next(K key) {
    Optional<Lane> lane = Optional.ofNullable(lanes.get(key));
    Optional<Turn> turn = lane.flatMap(its -> Optional.ofNullable(its.waiting.poll()));
    if (turn.isEmpty()) {
      lanes.remove(key);
    }
    lane.ifPresent(its -> its.pressed = Optional.empty());
    return turn;
  }
}
