package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Thin-edge's firmware plugin (1.1.0 and later) and the cloud behind it. The plugin names no
 * operation to the cloud: 501 means the oldest one that is pending, 502 and 503 the oldest one that
 * is executing. Right after each end it says 503 once more, and before the first such one 501.
 */
final class FakeFirmwarePlugin {
  static final Duration UPDATE_TIMEOUT = Duration.ofHours(1);

  /** A little more than was measured. */
  private static final Duration STRAY = Duration.ofMillis(100);

  private final MonotonicClock clock;
  private final List<Operation> cloud = new ArrayList<>();
  private final Map<OperationKey, MonotonicClock.Timer> underWay = new HashMap<>();
  private final List<OperationKey> announced = new ArrayList<>();
  private boolean hasSeenAnEnd;

  /** How an operation stands in the cloud. */
  enum State {
    PENDING,
    EXECUTING,
    SUCCESSFUL,
    FAILED
  }

  private static final class Operation {
    private final OperationKey key;
    private State state = State.PENDING;

    private Operation(OperationKey key) {
      this.key = key;
    }
  }

  FakeFirmwarePlugin(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The cloud asks for an operation, and the plugin for its child's answers. */
  void request(OperationKey key) {
    cloud.add(new Operation(key));
    watch(key);
  }

  /** How an operation stands in the cloud. */
  State state(OperationKey key) {
    return cloud.stream()
        .filter(operation -> operation.key.equals(key))
        .findFirst()
        .orElseThrow()
        .state;
  }

  private void watch(OperationKey key) {
    underWay.put(key, clock.schedule(UPDATE_TIMEOUT, () -> close(key, State.FAILED)));
  }

  /** The plugin is told a status. */
  void hear(RecordingSink.Report report) {
    Optional<MonotonicClock.Timer> timer = Optional.ofNullable(underWay.get(report.key()));
    if (timer.isEmpty()) {
      return;
    }
    timer.get().cancel();
    if (report.status() == OperationStatus.EXECUTING) {
      announce(report.key());
      watch(report.key());
    } else {
      boolean isSuccess = report.status() == OperationStatus.SUCCESSFUL;
      close(report.key(), isSuccess ? State.SUCCESSFUL : State.FAILED);
    }
  }

  private void announce(OperationKey key) {
    if (!announced.contains(key)) {
      announced.add(key);
      move(key.child(), State.PENDING, State.EXECUTING);
    }
  }

  private void close(OperationKey key, State end) {
    announce(key);
    underWay.remove(key);
    move(key.child(), State.EXECUTING, end);
    clock.schedule(STRAY, () -> closeOnceMore(key.child()));
  }

  private void closeOnceMore(ChildId child) {
    if (!hasSeenAnEnd) {
      hasSeenAnEnd = true;
      move(child, State.PENDING, State.EXECUTING);
    }
    move(child, State.EXECUTING, State.SUCCESSFUL);
  }

  private void move(ChildId child, State from, State to) {
    cloud.stream()
        .filter(operation -> operation.key.child().equals(child) && operation.state == from)
        .findFirst()
        .ifPresent(operation -> operation.state = to);
  }
}
