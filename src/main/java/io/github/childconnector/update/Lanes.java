package io.github.childconnector.update;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets one turn at a time through for each key, in the order of arrival: the operations of a child,
 * the children of a bus, the downloads of one image.
 *
 * <p>A turn that waits holds no thread.
 */
final class Lanes<K> {
  private final Map<K, Deque<Turn>> waiting = new HashMap<>();

  /** The work that is done while nobody else of the same key is at it. */
  interface Turn {
    /** Begins; {@code leave} is to be run once, by any thread, when the next may begin. */
    void begin(Runnable leave);
  }

  /** Begins the turn now, or when those before it have left. */
  void enter(K key, Turn turn) {
    if (isFirst(key, turn)) {
      turn.begin(() -> leave(key));
    }
  }

  private synchronized boolean isFirst(K key, Turn turn) {
    Deque<Turn> queue = waiting.get(key);
    if (queue != null) {
      queue.add(turn);
      return false;
    }
    waiting.put(key, new ArrayDeque<>());
    return true;
  }

  private void leave(K key) {
    next(key).ifPresent(turn -> turn.begin(() -> leave(key)));
  }

  private synchronized Optional<Turn> next(K key) {
    Deque<Turn> queue = waiting.get(key);
    Turn turn = queue == null ? null : queue.poll();
    if (turn == null) {
      waiting.remove(key);
    }
    return Optional.ofNullable(turn);
  }
}
