package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Programs left at work: ends them, remembers those that it cannot end, and tells an operator what
 * he can do about them.
 *
 * @param notes of what runs, and of what could not be ended
 * @param finder finds what the noted programs have become
 */
record Leftovers(SessionNotes notes, Finder finder) {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

  /** More are not named in a sentence. */
  private static final int MAX_NAMED = 10;

  /** The finder of processes. */
  interface Finder {
    /** Finds those with the marks, and those that have these numbers or belong to them. */
    Processes find(Marks marks, Set<Long> numbers);
  }

  /** The processes that were left. */
  interface Processes {
    /** Looks again; those that run now. */
    Set<ProcessHandle> running();

    /** Asks them to end, then ends them; returns those that could not be ended. */
    Set<ProcessHandle> end(Duration grace);

    /** Ends them without asking, within the limit; returns those that could not be ended. */
    Set<ProcessHandle> kill(Duration limit);

    /** Why a look has not seen the processes; empty if each has. */
    Optional<IOException> blindness();

    /** Whether the calling thread was interrupted during a wait. */
    boolean wasInterrupted();
  }

  /**
   * Ends what was left at work for an operation. What could not be ended before is not given
   * another grace.
   *
   * @throws DeviceBusyException it runs still, or cannot be seen
   */
  void end(OperationKey operation, Duration grace)
      throws DeviceBusyException, InterruptedException {
    Processes left = finder.find(Marks.ofAny(operation), notes.left(operation));
    Set<ProcessHandle> running = left.running();
    requireSight(left);
    boolean isKnown = notes.isGivenUp(operation);
    if (!running.isEmpty() && !isKnown) {
      LOG.log(
          Level.WARNING,
          "Ending what an earlier connector left at work: {0} {1}",
          list(running),
          operation);
    }
    Set<ProcessHandle> remaining = isKnown ? left.kill(Duration.ZERO) : left.end(grace);
    if (left.wasInterrupted()) {
      throw new InterruptedException();
    }
    if (!remaining.isEmpty()) {
      notes.giveUp(operation, remaining);
      throw busy(remaining);
    }
    requireSight(left);
    notes.forgetAll(operation);
  }

  /** Keeps in mind what is left of a program that was run, or forgets the program. */
  void settle(OperationKey operation, Optional<Path> note, Set<ProcessHandle> remaining) {
    if (remaining.isEmpty()) {
      notes.forget(note);
    } else {
      notes.giveUp(operation, remaining);
    }
  }

  /** Returns if nothing runs still that could not be ended for any operation of a child. */
  void requireNone(ChildId child) throws DeviceBusyException {
    Set<Long> numbers = notes.givenUp(child);
    if (numbers.isEmpty()) {
      return;
    }
    Processes left = finder.find(Marks.none(), numbers);
    Set<ProcessHandle> running = left.running();
    if (!running.isEmpty()) {
      throw busy(running);
    }
    requireSight(left);
    notes.forgetGivenUp(child);
  }

  /** Refuses to take what cannot be seen for gone. */
  private static void requireSight(Processes left) throws DeviceBusyException {
    if (left.blindness().isPresent()) {
      throw new DeviceBusyException(
          "processes cannot be seen in /proc (%s), so that it is not known whether an earlier installation still runs. Mount /proc, and allow the connector more open files"
              .formatted(left.blindness().get().getMessage()));
    }
  }

  private static DeviceBusyException busy(Set<ProcessHandle> running) {
    String pids =
        running.stream()
            .sorted()
            .limit(MAX_NAMED)
            .map(each -> Long.toString(each.pid()))
            .collect(Collectors.joining(" "));
    return new DeviceBusyException(
        "the connector could not end %s. Wait for the end of it, or end it as its user or as root (kill %s), or reboot the gateway where that does not help"
            .formatted(list(running), pids));
  }

  /** Processes as the log names them, for example {@code 4711 /usr/bin/avrdude of root}. */
  static String list(Set<ProcessHandle> processes) {
    return processes.stream()
        .sorted()
        .limit(MAX_NAMED)
        .map(
            each ->
                each.pid()
                    + each.info().command().map(name -> " " + name).orElse("")
                    + each.info().user().map(name -> " of " + name).orElse(""))
        .collect(Collectors.joining(", "));
  }
}
