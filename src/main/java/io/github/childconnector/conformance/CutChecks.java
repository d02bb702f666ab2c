package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.conformance.Workbench.Attempt;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Installations that are stopped or killed at a quarter, a half and three quarters of their time.
 */
final class CutChecks {
  private static final int PARTS = 4;
  private static final String STUBBORN = "did not end at TERM, and killed now: ";
  private static final String LASTING = "could not be ended: ";

  private final Workbench bench;
  private final Recovery recovery;
  private final MonotonicClock clock;

  CutChecks(Workbench bench, MonotonicClock clock) {
    this.bench = bench;
    this.recovery = new Recovery(bench);
    this.clock = clock;
  }

  List<NamedCheck> list() {
    return Stream.concat(parts().map(this::stopped), parts().map(this::killed)).toList();
  }

  private static Stream<Integer> parts() {
    return IntStream.range(1, PARTS).boxed();
  }

  private Duration moment(int part) {
    return bench.usual().multipliedBy(part).dividedBy(PARTS);
  }

  private NamedCheck stopped(int part) {
    return new NamedCheck(
        "stopped-at-" + part + "/" + PARTS,
        "TERM comes when install_timeout is over or the connector stops: let every process end within stop_grace, and the device be fit for the next update.",
        () -> stop(moment(part)));
  }

  private void stop(Duration moment)
      throws Finding, UpdateException, IOException, InterruptedException {
    Optional<String> before = bench.begin();
    Attempt attempt = bench.cutOff(bench.adapter(), bench.next(), moment);
    if (!attempt.wasCut()) {
      recovery.afterEnd(attempt, before);
      throw Finding.skipped("the installation had ended before it could be stopped");
    }
    Optional<String> stubborn = attempt.remark(STUBBORN).or(() -> attempt.remark(LASTING));
    recovery.afterCut(attempt, before);
    if (stubborn.isPresent()) {
      throw Finding.failed(
          "After stop_grace there was a process that %s".formatted(stubborn.get()));
    }
  }

  private NamedCheck killed(int part) {
    return new NamedCheck(
        "killed-at-" + part + "/" + PARTS,
        "A power cut or the kernel may kill it at any moment: write beside what is in use and rename, and let install begin anew whatever an earlier one has left.",
        () -> kill(moment(part)));
  }

  private void kill(Duration moment)
      throws Finding, UpdateException, IOException, InterruptedException {
    Optional<String> before = bench.begin();
    Installation installation = bench.next();
    MarkedProcesses processes = new MarkedProcesses(installation.update().key(), clock);
    Attempt attempt;
    try (processes) {
      processes.killAfter(moment);
      attempt = bench.install(bench.adapter(), installation);
    }
    recovery.afterCut(attempt, before);
    if (!processes.found) {
      throw Finding.skipped("no program was running that could be killed at that moment");
    }
  }

  /**
   * The processes that work for an operation, killed as the kernel does when memory runs out: all
   * at once, and none is asked. They are known by their variable {@code OPERATION_ID}.
   */
  private static final class MarkedProcesses implements AutoCloseable {
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
}
