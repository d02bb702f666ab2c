package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Trial.Hardship;
import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the programs of one child, each until nothing of it is left.
 *
 * @param launcher how they are started
 * @param stopGrace time between TERM and KILL when a program is ended
 * @param clock of whatever works beside the programs, too
 */
public record Programs(Launcher launcher, Duration stopGrace, MonotonicClock clock) {
  private static final SessionNotes NOTES = SessionNotes.ofThisUser();

  /** The same programs, started in another directory. */
  public Programs in(Path directory) {
    return new Programs(launcher.in(directory), stopGrace, clock);
  }

  /** The same programs, each started under a hardship. */
  public Programs under(Hardship hardship) {
    return new Programs(launcher.under(hardship), stopGrace, clock);
  }

  /**
   * Looks at programs before they are needed.
   *
   * @param lines by the keys they were configured with; an empty one is left out
   * @return what is wrong with their files, each with its key: {@code install: /opt/flash.sh is
   *     empty; write it}
   */
  public List<String> troubles(Map<String, Optional<CommandLine>> lines) {
    return lines.entrySet().stream()
        .flatMap(
            each ->
                each
                    .getValue()
                    .flatMap(launcher::trouble)
                    .map(why -> each.getKey() + ": " + why)
                    .stream())
        .sorted()
        .toList();
  }

  /**
   * Runs a program to its end, and ends what it leaves.
   *
   * @throws UpdateException it could not be started
   * @throws InterruptedException the thread was interrupted; the program was ended
   */
  public ProgramEnd run(ProgramCall call) throws UpdateException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    ProgramOutput output = new ProgramOutput(call.progress());
    Marks marks = Marks.ours(call.operation());
    Process process = launcher.start(call);
    Optional<Path> note = NOTES.note(call.operation(), process.pid());
    RunningProgram running = new RunningProgram(process, marks, output, clock);
    try {
      int status = running.await(stopGrace);
      return output.end(call.line().program(), status);
    } finally {
      leftovers().settle(call.operation(), note, running.left());
    }
  }

  /**
   * Ends what an earlier connector has left at work for an operation.
   *
   * @throws DeviceBusyException it could not be ended, or it cannot be seen whether there is any
   */
  public void endLeftovers(OperationKey operation)
      throws DeviceBusyException, InterruptedException {
    leftovers().end(operation, stopGrace);
  }

  /**
   * Returns if nothing runs still that could not be ended for any operation of a child.
   *
   * @throws DeviceBusyException something does, or that cannot be seen
   */
  public void requireNoLeftovers(ChildId child) throws DeviceBusyException {
    leftovers().requireNone(child);
  }

  private Leftovers leftovers() {
    return new Leftovers(NOTES, (marks, numbers) -> ProcessTree.leftBy(marks, numbers, clock));
  }
}
