package io.github.childconnector.adapter.program;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All the processes that one program has become: those of its session and those with its marks,
 * even where their parents have ended, and the descendants of any of them.
 *
 * <p>An interrupt hinders none of the waits; it is kept for {@link #wasInterrupted}.
 */
final class ProcessTree {
  /** A killed process goes at once, unless the kernel holds it for a device. */
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final long NO_SESSION = -1;

  private final long session;
  private final Marks marks;
  private final MonotonicClock clock;

  /** Done again and again while waiting. */
  private final Runnable meanwhile;

  /** Handles know when their process began, so a number that is used again is not mistaken. */
  private final Set<ProcessHandle> members = new HashSet<>();

  private boolean interrupted;

  private ProcessTree(long session, Marks marks, MonotonicClock clock, Runnable meanwhile) {
    this.session = session;
    this.marks = marks;
    this.clock = clock;
    this.meanwhile = meanwhile;
  }

  /** The processes of a program that was started with these marks and leads its session. */
  static ProcessTree of(
      ProcessHandle program, Marks marks, MonotonicClock clock, Runnable meanwhile) {
    ProcessTree tree = new ProcessTree(program.pid(), marks, clock, meanwhile);
    tree.members.add(program);
    return tree;
  }

  /**
   * The processes that the programs of an earlier connector have become, whose sessions nobody
   * knows.
   */
  static ProcessTree leftBy(Marks marks, MonotonicClock clock) {
    return new ProcessTree(NO_SESSION, marks, clock, () -> {});
  }

  /** Processes that run now. */
  Set<ProcessHandle> running() {
    members.removeIf(member -> !member.isAlive());
    List<ProcessEntry> table = ProcessEntry.all();
    for (long pid : pids(table)) {
      ProcessHandle.of(pid).ifPresent(members::add);
    }
    Set<Long> ended =
        table.stream()
            .filter(ProcessEntry::ended)
            .map(ProcessEntry::pid)
            .collect(Collectors.toSet());
    return members.stream()
        .filter(Predicate.not(member -> ended.contains(member.pid())))
        .collect(Collectors.toSet());
  }

  private Set<Long> pids(List<ProcessEntry> table) {
    Set<Long> pids = members.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    table.stream()
        .map(ProcessEntry::pid)
        .filter(pid -> !pids.contains(pid) && marks.areOn(pid))
        .toList()
        .forEach(pids::add);
    boolean grown = true;
    while (grown) {
      grown =
          pids.addAll(
              table.stream()
                  .filter(entry -> entry.session() == session || pids.contains(entry.parent()))
                  .map(ProcessEntry::pid)
                  .toList());
    }
    return pids;
  }

  /** Gives them time to end by themselves. */
  void await(Duration limit) {
    signal(member -> {}, limit);
  }

  /**
   * Ends all of them: TERM to each, and KILL to those that still run after {@code grace}.
   *
   * @return those that could not be ended
   */
  Set<ProcessHandle> end(Duration grace) {
    Set<ProcessHandle> stubborn = terminate(grace);
    return stubborn.isEmpty() ? stubborn : kill();
  }

  /**
   * Asks each of them to end.
   *
   * @return those that still run after {@code grace}
   */
  Set<ProcessHandle> terminate(Duration grace) {
    Set<ProcessHandle> told = new HashSet<>();
    signal(
        member -> {
          if (told.add(member)) {
            member.destroy();
          }
        },
        grace);
    return running();
  }

  /**
   * Ends each of them without asking.
   *
   * @return those that could not be ended
   */
  Set<ProcessHandle> kill() {
    signal(ProcessHandle::destroyForcibly, KILL_LIMIT);
    return running();
  }

  private void signal(Consumer<ProcessHandle> signal, Duration limit) {
    Set<ProcessHandle> running = running();
    // Once at least, however long it took to find them.
    running.forEach(signal);
    Deadline deadline = Deadline.after(limit, clock);
    while (!running.isEmpty() && !deadline.expired()) {
      meanwhile.run();
      pause();
      running = running();
      running.forEach(signal);
    }
  }

  private void pause() {
    try {
      clock.sleep(PAUSE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }

  /** Whether the calling thread was interrupted during a wait. */
  boolean wasInterrupted() {
    return interrupted;
  }
}
