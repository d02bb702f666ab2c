package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Flashes a device with the operator's own programs: one run of a program for each call. */
final class CommandAdapter implements DeviceAdapter {
  private static final System.Logger LOG = System.getLogger(CommandAdapter.class.getName());
  private static final String INSTALL_REMEDY =
      "What it wrote is in the connector's log: remove the cause it names, then request the update"
          + " again.";
  private static final String ROLLBACK_REMEDY =
      "The old firmware may not be back: look at the device, and at the connector's log, before the"
          + " next update.";
  private static final String VERSION_REMEDY =
      "Run it by hand, as the connector's user, to see what it needs.";

  private final CommandSettings settings;
  private final Launcher launcher;
  private final MonotonicClock clock;

  CommandAdapter(CommandSettings settings, Launcher launcher, MonotonicClock clock) {
    this.settings = settings;
    this.launcher = launcher;
    this.clock = clock;
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    Map<Placeholder, String> values = OperationValues.of(installation);
    Marks marks = Marks.ours(installation.update().key());
    Call call = new Call(settings.install(), marks, progress, FailureCode.INSTALL_FAILED);
    ProgramEnd end = run(call, values);
    if (end.status().isBusy()) {
      throw new DeviceBusyException(end.whyBusy());
    }
    call.requireSuccess(end, INSTALL_REMEDY);
  }

  @Override
  public Optional<Rollback> rollback() {
    return settings.rollback().map(line -> (update, progress) -> restore(line, update, progress));
  }

  private void restore(CommandLine line, FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    Call call = new Call(line, Marks.ours(update.key()), progress, FailureCode.INSTALL_FAILED);
    call.requireSuccess(run(call, OperationValues.of(update)), ROLLBACK_REMEDY);
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return settings.readVersion().map(line -> update -> readVersion(line, update));
  }

  private String readVersion(CommandLine line, FirmwareUpdate update)
      throws UpdateException, InterruptedException {
    DebugLog log = new DebugLog(update.key());
    Call call = new Call(line, Marks.ours(update.key()), log, FailureCode.VERSION_UNREADABLE);
    ProgramEnd end = run(call, OperationValues.of(update));
    call.requireSuccess(end, VERSION_REMEDY);
    return end.output()
        .firstLine()
        .orElseThrow(() -> new UpdateException(call.failureCode(), noVersion(line)));
  }

  private static String noVersion(CommandLine line) {
    return "The program "
        + line.program()
        + " wrote no version. It has to write it as the first line on its standard output.";
  }

  @Override
  public boolean isRepeatable() {
    return settings.repeatable();
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
    ProcessTree left = ProcessTree.leftBy(Marks.ofAny(update.key()), clock);
    if (!left.running().isEmpty()) {
      LOG.log(Level.WARNING, "Ending what an earlier connector left at work " + update.key());
    }
    Set<ProcessHandle> remaining = left.end(settings.stopGrace());
    if (left.wasInterrupted()) {
      throw new InterruptedException();
    }
    if (!remaining.isEmpty()) {
      LOG.log(Level.ERROR, "Processes that cannot be ended: " + remaining + " " + update.key());
    }
  }

  private ProgramEnd run(Call call, Map<Placeholder, String> values)
      throws UpdateException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    ProgramOutput output = new ProgramOutput(call.progress());
    try {
      Process process = launcher.start(call.line(), values);
      RunningProgram running = new RunningProgram(process, call.marks(), output, clock);
      int status = running.await(settings.stopGrace());
      return new ProgramEnd(call.line().program(), new ExitStatus(status), output);
    } catch (LaunchException e) {
      throw new UpdateException(call.failureCode(), e.sentence(), e);
    }
  }

  /** What is run, how it is known, who listens to it, and what its failure is called. */
  private record Call(CommandLine line, Marks marks, Progress progress, FailureCode failureCode) {
    void requireSuccess(ProgramEnd end, String remedy) throws UpdateException {
      end.requireSuccess(failureCode, remedy);
    }
  }
}
