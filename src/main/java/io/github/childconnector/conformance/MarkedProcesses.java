package io.github.childconnector.conformance;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The processes that work for an operation, killed as the kernel does when memory runs out: all at
 * once, and none is asked. They are known by their variable {@code OPERATION_ID}.
 */
final class MarkedProcesses implements AutoCloseable {
  private static final int MAX_ROUNDS = 20;
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final String mark;
  private final MonotonicClock clock;
  private volatile boolean found;
  private volatile boolean closed;

  MarkedProcesses(OperationKey operation, MonotonicClock clock) {
    this.mark = "OPERATION_ID=" + operation.id();
    this.clock = clock;
  }

  /** Kills those that run at a moment ahead, or the first that run after it. */
  void killAfter(Duration delay) {
    clock.schedule(delay, this::strike);
  }

  private synchronized void strike() {
    if (!closed) {
      kill();
      if (!found) {
        killAfter(PAUSE);
      }
    }
  }

  /** Returns when no more is killed. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  /** Kills them, and what they start meanwhile. */
  private void kill() {
    List<ProcessHandle> running = running();
    for (int round = 0; round < MAX_ROUNDS && !running.isEmpty(); round++) {
      found = true;
      running.forEach(ProcessHandle::destroyForcibly);
      running = running();
    }
  }

  boolean found() {
    return found;
  }

  private List<ProcessHandle> running() {
    return ProcessHandle.allProcesses().filter(each -> isMarked(each.pid())).toList();
  }

  /**
   * Whether a process is marked; one that has ended, and only its parent has not noticed, has no
   * variables any more.
   */
  private boolean isMarked(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "environ");
      String variables = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return List.of(variables.split("\0")).contains(mark);
    } catch (IOException e) {
      return false; // it has ended, or belongs to somebody else
    }
  }
}
