package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that does what its test says, and counts what is done to it. */
final class ScriptedAdapter implements DeviceAdapter {
  static final String LEFT = "the connector could not end 4711 flash of root";

  final AtomicInteger installs = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger rollbacks = new AtomicInteger();
  final AtomicInteger commits = new AtomicInteger();
  final AtomicInteger takeovers = new AtomicInteger();
  final List<String> order = new CopyOnWriteArrayList<>();

  private final Threads threads;
  private boolean hanging;
  volatile String version = "1.0";
  volatile Install install = this::takeIt;
  volatile Read read = () -> version;
  volatile Rollback.Result restored = Rollback.Result.RESTORED;
  volatile Restore restore = () -> version = "1.0";
  volatile Commit commit = () -> {};
  volatile boolean canRead = true;
  volatile boolean canCommit;
  volatile boolean canRestore;
  volatile boolean repeatable;

  /** Whether something left at work cannot be ended. */
  volatile boolean isAtWork;

  volatile Optional<Offering> offering = Optional.empty();

  /** A device of an engine with these threads. */
  ScriptedAdapter(Threads threads) {
    this.threads = threads;
  }

  interface Install {
    void run(Installation installation)
        throws DeviceBusyException, UpdateException, InterruptedException;
  }

  interface Read {
    String run() throws UpdateException, InterruptedException;
  }

  interface Restore {
    void run() throws UpdateException, InterruptedException;
  }

  interface Commit {
    void run() throws UpdateException, InterruptedException;
  }

  void takeIt(Installation installation) {
    version = installation.update().firmware().version();
  }

  /** Never returns by itself. */
  void hang() throws InterruptedException {
    hanging = true;
    Object unused = threads.queue().take();
  }

  /** Whether it ever hung. */
  boolean isHanging() {
    return hanging;
  }

  static UpdateException unreadable() {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, "The device does not answer.");
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    installs.incrementAndGet();
    order.add(installation.update().key().id());
    install.run(installation);
  }

  @Override
  public Optional<Offering> offering() {
    return offering;
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return canRead ? Optional.of(this::readVersion) : Optional.empty();
  }

  private String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException {
    reads.incrementAndGet();
    return read.run();
  }

  @Override
  public Optional<Rollback> rollback() {
    return canRestore ? Optional.of(this::restore) : Optional.empty();
  }

  private Rollback.Result restore(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    rollbacks.incrementAndGet();
    restore.run();
    return restored;
  }

  @Override
  public Optional<Commitment> commitment() {
    return canCommit ? Optional.of(this::commit) : Optional.empty();
  }

  private void commit(FirmwareUpdate update, Progress progress)
      throws UpdateException, InterruptedException {
    commits.incrementAndGet();
    order.add("commit");
    commit.run();
  }

  @Override
  public boolean isRepeatable() {
    return repeatable;
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    takeovers.incrementAndGet();
    order.add("takeover");
    requireNoLeftovers(update);
  }

  @Override
  public void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    if (isAtWork) {
      throw new DeviceBusyException(LEFT);
    }
  }
}
