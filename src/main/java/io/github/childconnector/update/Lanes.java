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
  private final Map<K, Deque<Consumer<Runnable>>> waiting = new HashMap<>();

  /**
   * Begins a turn now, or when those before it have left.
   *
   * @param turn is given what is to be run once, by any thread, when the next may begin
   */
  void enter(K key, Consumer<Runnable> turn) {
    if (isFirst(key, turn)) {
      turn.accept(() -> leave(key));
    }
  }

  private synchronized boolean isFirst(K key, Consumer<Runnable> turn) {
    Deque<Consumer<Runnable>> queue = waiting.get(key);
    if (queue != null) {
      queue.add(turn);
      return false;
    }
    waiting.put(key, new ArrayDeque<>());
    return true;
  }

  private void leave(K key) {
    next(key).ifPresent(turn -> turn.accept(() -> leave(key)));
  }

  private synchronized Optional<Consumer<Runnable>> next(K key) {
    Deque<Consumer<Runnable>> queue = waiting.get(key);
    Consumer<Runnable> turn = queue == null ? null : queue.poll();
    if (turn == null) {
      waiting.remove(key);
    }
    return Optional.ofNullable(turn);
  }
}
