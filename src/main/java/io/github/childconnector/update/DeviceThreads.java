package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The threads that work on operations, each with its own, so that a stop can end some at once and
 * wait for those that would leave a device half written.
 */
final class DeviceThreads {
  private final MonotonicClock clock;
  private final Map<Thread, Operation> atWork = new HashMap<>();
  private final Set<Operation> admitted = new HashSet<>();
  private boolean stopping;
  private boolean patient;

  DeviceThreads(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The calling thread works on this operation from now on. */
  synchronized void begin(Operation operation) {
    atWork.put(Thread.currentThread(), operation);
  }

  /** Ends the calling thread's work, and frees it of an interrupt meant for its operation. */
  synchronized void end() {
    admitted.remove(atWork.remove(Thread.currentThread()));
    Thread.interrupted();
    clock.threads().wake(this);
  }

  /** Whether the operation may begin to write its device; if so, a stop waits for it from now. */
  synchronized boolean admit(Operation operation) {
    if (!stopping) {
      admitted.add(operation);
    }
    return !stopping;
  }

  /** Whether the operation may begin its stage. */
  synchronized boolean mayGoOn(Operation operation) {
    return !stopping || operation.isChanging();
  }

  /** Lets nothing more begin, and interrupts what changes no device. */
  synchronized void stop() {
    stopping = true;
    atWork.forEach(
        (thread, operation) -> {
          if (!isChanging(operation)) {
            thread.interrupt();
          }
        });
  }

  /** The operations whose device is being written, or restored, at this moment. */
  synchronized List<Operation> changing() {
    return atWork.values().stream().filter(this::isChanging).toList();
  }

  private boolean isChanging(Operation operation) {
    return operation.isChanging()
        || (operation.stage() == Stage.READY && admitted.contains(operation));
  }

  /**
   * Returns when no device is being changed any more, or when {@code grace} is over.
   *
   * @return what is still at it then
   */
  synchronized List<Operation> awaitQuiet(Duration grace) throws InterruptedException {
    patient = !grace.isZero();
    MonotonicClock.Timer timer = clock.schedule(grace, this::losePatience);
    try {
      while (patient && !changing().isEmpty()) {
        clock.threads().await(this);
      }
      return changing();
    } finally {
      timer.cancel();
    }
  }

  private synchronized void losePatience() {
    patient = false;
    clock.threads().wake(this);
  }
}
