package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Trial.Hardship;
import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the programs of one child, each until nothing of it is left.
 *
 * @param launcher how they are started
 * @param stopGrace time between TERM and KILL when a program is ended
 * @param clock of whatever works beside the programs, too
 */
public record Programs(Launcher launcher, Duration stopGrace, MonotonicClock clock) {
  private static final System.Logger LOG = System.getLogger(Programs.class.getName());
  private static final SessionNotes NOTES = SessionNotes.ofThisUser();

  /** The time between two looks at what cannot be seen. */
  private static final Duration LOOK = Duration.ofSeconds(1);

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
    try {
      int status = new RunningProgram(process, marks, output, clock).await(stopGrace);
      return output.end(call.line().program(), status);
    } finally {
      NOTES.forget(note);
    }
  }

  /** Ends what an earlier connector has left at work for an operation. */
  public void endLeftovers(OperationKey operation) throws InterruptedException {
    awaitSight();
    ProcessTree left = ProcessTree.leftBy(Marks.ofAny(operation), NOTES.left(operation), clock);
    if (!left.running().isEmpty()) {
      LOG.log(Level.WARNING, "Ending what an earlier connector left at work " + operation);
    }
    Set<ProcessHandle> remaining = left.end(stopGrace);
    if (left.wasInterrupted()) {
      throw new InterruptedException();
    }
    if (!remaining.isEmpty()) {
      LOG.log(Level.ERROR, "Processes that cannot be ended: " + remaining + " " + operation);
      return;
    }
    NOTES.forgetAll(operation);
  }

  /** Waits until processes can be seen: that none is seen would not say that there is none. */
  private void awaitSight() throws InterruptedException {
    Optional<IOException> blindness = blindness();
    if (blindness.isPresent()) {
      LOG.log(
          Level.WARNING,
          "Processes cannot be seen in /proc ({0}), so that it is not known whether an earlier"
              + " connector has left any at work; waiting until they can",
          blindness.get());
    }
    while (blindness.isPresent()) {
      clock.sleep(LOOK);
      blindness = blindness();
    }
  }

  private static Optional<IOException> blindness() {
    try {
      return ProcessTree.ProcessEntry.all().isEmpty()
          ? Optional.of(new IOException("there are none"))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}
