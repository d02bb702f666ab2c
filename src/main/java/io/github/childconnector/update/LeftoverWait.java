package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.Operation.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Holds an operation back from its device while something that was left at work there may still
 * write it: a flasher that outlived its connector or its time, and that cannot be ended. Two must
 * never be at one device.
 *
 * <p>The operation keeps its child's turn and its bus, which is in use after all, and no thread. It
 * goes on when nothing is left, and fails after {@code install_timeout}, or that long after the
 * next start.
 */
record LeftoverWait(MonotonicClock clock) {
  /**
   * The pause between two looks: so short that whoever has ended the process by hand sees the
   * update go on, and a hundred times what a look at the processes takes.
   */
  static final Duration LOOK = Duration.ofSeconds(10);

  /** Returns what an operation does instead of its stage's work; empty if its device is free. */
  Optional<Transition> holdBack(Operation operation) throws InterruptedException {
    if (!endsLeftovers(operation) && !touchesDevice(operation)) {
      return Optional.empty();
    }
    boolean isFirst = !operation.awaitsLeftovers();
    Deadline limit = operation.leftovers(Deadline.after(operation.child().installTimeout(), clock));
    Optional<String> left = left(operation);
    if (left.isEmpty()) {
      goOn(operation, isFirst);
      return Optional.empty();
    }
    if (limit.expired()) {
      return Optional.of(Transition.to(Stage.FAILED, failure(operation, left.get())));
    }
    if (isFirst) {
      noteFirst(operation, left.get());
    }
    Wait wait = new Wait(Wait.Kind.LEFTOVER, left.get());
    return Optional.of(Transition.rest(operation.stage(), limit.atMost(LOOK), wait));
  }

  private static boolean endsLeftovers(Operation operation) {
    boolean commits = operation.child().adapter().commitment().isPresent();
    return operation.isCutOff()
        && (operation.stage().restart() != Stage.Restart.RESUME
            || (operation.stage() == Stage.CONFIRMING && commits));
  }

  /** Whether its stage asks the device for the first time, or writes it from the beginning. */
  private static boolean touchesDevice(Operation operation) {
    return switch (operation.stage()) {
      case CHECKING, ROLLING_BACK -> true;
      case READY -> operation.offer().isEmpty();
      default -> false;
    };
  }

  private static Optional<String> left(Operation operation) throws InterruptedException {
    try {
      if (endsLeftovers(operation)) {
        operation.device().endLeftovers(operation.update());
      }
      operation.device().requireNoLeftovers(operation.update());
      return Optional.empty();
    } catch (DeviceBusyException | TimeoutException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (UpdateException e) {
      return Optional.of(e.failure().sentence());
    }
  }

  private static void goOn(Operation operation, boolean isFirst) {
    operation.forgetLeftovers();
    if (!isFirst) {
      EventLog.note(operation, "What was left at work at the device has ended; going on");
    }
  }

  private static void noteFirst(Operation operation, String left) {
    EventLog.warn(
        operation,
        "Waiting, for at most install_timeout (%s), for the end of what was left at work at the device and may still write it; it is looked for every %s: %s"
            .formatted(
                DurationText.write(operation.child().installTimeout()),
                DurationText.write(LOOK),
                left));
  }

  private static Failure failure(Operation operation, String left) {
    String sentence =
        "The connector did nothing more at the device, because what was left at work there may still write it after install_timeout (%s): %s. Then check the device, and send the update again."
            .formatted(DurationText.write(operation.child().installTimeout()), left);
    boolean wasBegun =
        operation.stage() == Stage.INSTALLING || operation.stage() == Stage.CONFIRMING;
    return operation
        .entry()
        .failure()
        .map(earlier -> earlier.with(sentence))
        .orElseGet(
            () ->
                new Failure(
                    wasBegun ? FailureCode.INTERRUPTED : FailureCode.DEVICE_BUSY, sentence));
  }
}
