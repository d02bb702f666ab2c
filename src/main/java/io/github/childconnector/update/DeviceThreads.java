package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Operation.OpenOffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The threads that work on operations, each with its own, and the operations that wait at their
 * devices without one, so that a stop can end some at once and wait for those that would leave a
 * device half written.
 */
final class DeviceThreads {
  /** How often it is looked whether a device that takes an image by itself is still at it. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final MonotonicClock clock;
  private final Map<Thread, Operation> atWork = new HashMap<>();
  private final Set<Operation> admitted = new HashSet<>();

  /** The operations that stay where they are without a thread. */
  private final Set<Operation> resting = new HashSet<>();

  private boolean stopping;
  private boolean patient;

  DeviceThreads(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The calling thread works on this operation from now on. */
  synchronized void begin(Operation operation) {
    resting.remove(operation);
    atWork.put(Thread.currentThread(), operation);
  }

  /** The operation stays where it is when the calling thread has ended. */
  synchronized void rest(Operation operation) {
    resting.add(operation);
  }

  /** The operations that stay where they are without a thread. */
  synchronized List<Operation> resting() {
    return List.copyOf(resting);
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
    return !stopping || (operation.isChanging() && !operation.isHeldUp());
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
    return Stream.concat(
            atWork.values().stream().filter(this::isChanging),
            resting.stream().filter(DeviceThreads::isWriting))
        .distinct()
        .toList();
  }

  /**
   * Whether it is at its device; not where its work is done and only the journal does not take
   * that.
   */
  private boolean isChanging(Operation operation) {
    boolean isAdmitted = operation.stage() == Stage.READY && admitted.contains(operation);
    return (operation.isChanging() || isAdmitted) && !operation.isHeldUp();
  }

  /** Whether the device takes its image by itself, or has and that is to be noted. */
  private static boolean isWriting(Operation operation) {
    return operation
        .offer()
        .map(OpenOffer::offer)
        .filter(offer -> offer.isWriting() || offer.isOver())
        .isPresent();
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
        clock.threads().await(this, LOOK);
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
