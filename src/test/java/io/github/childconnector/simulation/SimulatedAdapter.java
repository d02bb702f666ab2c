package io.github.childconnector.simulation;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scenario.Trait;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The adapter to a device, which runs a program on the gateway: that lives on when only the
 * connector is killed.
 */
final class SimulatedAdapter implements DeviceAdapter {
  /** More than reading a version may take. */
  private static final Duration SLOWNESS = Life.LONGEST_READING.plusSeconds(1);

  private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(5);

  private final Scheduler scheduler;
  private final World world;
  private final ChildId child;
  private final Disk disk;
  private final Mishaps mishaps;

  SimulatedAdapter(Scheduler scheduler, World world, ChildId child, Disk disk, Mishaps mishaps) {
    this.scheduler = scheduler;
    this.world = world;
    this.child = child;
    this.disk = disk;
    this.mishaps = mishaps;
  }

  private interface Effect {
    void happen();
  }

  private boolean is(Trait... any) {
    return world.scenario().is(any);
  }

  private SimulatedDevice device() {
    return world.device(child);
  }

  private void step(String what, Effect effect) {
    try {
      scheduler.step(
          what + " of " + child,
          () -> {
            effect.happen();
            return true;
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    FirmwareUpdate update = installation.update();
    requireRightBytes(installation);
    requireAlone("installation of " + update.key());
    if (device().refuses()) {
      step("refusal", () -> {});
      throw new DeviceBusyException("It is in use.");
    }
    String id = update.key().id();
    String result = is(Trait.BROKEN, Trait.DEAF) ? "broken" : update.firmware().version();
    boolean hangs = is(Trait.HANGING, Trait.LATE);
    long duration = mishaps.time(1500).toNanos();
    long end = hangs ? Strand.NEVER : scheduler.nanoTime() + duration;
    step("begin of installation", () -> beginFlash(id, result, end));
    try {
      atWork(end, is(Trait.LATE) ? result : Scenario.OLD);
    } catch (InterruptedException e) {
      if (is(Trait.CLUMSY)) {
        throw new UpdateException(FailureCode.INSTALL_FAILED, "The program was ended.");
      }
      throw e;
    }
    step("end of installation", () -> device().run(result));
    if (is(Trait.BROKEN)) {
      throw new UpdateException(FailureCode.INSTALL_FAILED, "The device refused it.");
    }
  }

  private void beginFlash(String id, String result, long end) {
    device().countFlash(id);
    int allowed = is(Trait.REPEATABLE) ? 1 + world.kills() : 1;
    if (device().flashes(id) > allowed) {
      world.problem(
          id + " flashed " + device().flashes(id) + " times after " + world.kills() + " kills");
    }
    device().begin(id, result, end);
  }

  /** Waits for the end of the program, which is ended when the caller is interrupted. */
  private void atWork(long end, String leftBy) throws InterruptedException {
    try {
      boolean unused = scheduler.waitInterruptibly("its device", () -> false, end);
    } catch (InterruptedException e) {
      if (is(Trait.HANGING, Trait.LATE)) {
        device().run(leftBy);
      }
      device().end();
      throw e;
    }
  }

  private void requireRightBytes(Installation installation) {
    try (InputStream bytes = disk.read(installation.image().path())) {
      String digest = DigestUtils.sha256Hex(bytes);
      if (!digest.equals(installation.update().knownDigest().hex())) {
        world.problem("wrong bytes were to be installed: " + installation);
      }
    } catch (IOException e) {
      world.problem("no bytes were to be installed: " + e);
    }
  }

  private void requireAlone(String what) {
    if (device().isAtWork(scheduler.nanoTime())) {
      world.problem("another program is at work on " + child + " at the " + what);
    }
    if (world.isBusTaken(child, scheduler.nanoTime())) {
      world.problem("another device of the bus is at work at the " + what);
    }
  }

  @Override
  public Optional<Offering> offering() {
    return is(Trait.COMING) ? Optional.of(new Visits()) : Optional.empty();
  }

  /** The visits of a device that comes by itself and takes what is offered then. */
  private final class Visits implements Offering {
    @Override
    public Duration patience() {
      return LONGEST_ABSENCE;
    }

    @Override
    public Standing offer(Installation installation, Progress progress, Runnable news) {
      requireRightBytes(installation);
      Visit visit = new Visit(news);
      scheduler.daemon("visit of " + child, () -> visit(visit, installation.update())).start();
      return visit;
    }
  }

  private void visit(Visit visit, FirmwareUpdate update) {
    pause(mishaps.time(2 * (int) LONGEST_ABSENCE.toMillis()));
    boolean unused =
        scheduler.waitFor(
            "the device", () -> !device().isAtWork(scheduler.nanoTime()), Strand.NEVER);
    if (!visit.hear()) {
      return;
    }
    String version = update.firmware().version();
    if (!device().version(scheduler.nanoTime()).equals(version)) {
      Duration duration = mishaps.time(1500);
      long end = scheduler.nanoTime() + duration.toNanos();
      step("begin of installation", () -> beginFlash(update.key().id(), version, end));
      pause(duration);
      step("end of installation", () -> device().run(version));
    }
    visit.end();
  }

  private void pause(Duration length) {
    long end = scheduler.nanoTime() + length.toNanos();
    boolean unused = scheduler.waitFor("the end of some time", () -> false, end);
  }

  private static final class Visit implements Offering.Standing {
    private final Runnable news;
    private boolean isHeard;
    private boolean isOver;
    private boolean isClosed;

    private Visit(Runnable news) {
      this.news = news;
    }

    /** The device comes; returns whether it is offered anything. */
    private boolean hear() {
      isHeard = !isClosed;
      news.run();
      return isHeard;
    }

    private void end() {
      isOver = true;
      news.run();
    }

    @Override
    public boolean isHeard() {
      return isHeard;
    }

    @Override
    public boolean isOver() {
      return isOver;
    }

    @Override
    public boolean isWriting() {
      return isHeard && !isOver;
    }

    @Override
    public boolean withdraw() {
      isClosed |= !isHeard;
      return isClosed;
    }

    @Override
    public String silence() {
      return "It has not come.";
    }

    @Override
    public void requireSuccess() {}

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return is(Trait.BLIND) ? Optional.empty() : Optional.of(this::readVersion);
  }

  private String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException {
    scheduler.sleep(mishaps.time(100));
    step("reading of the version", () -> {});
    String version = device().version(scheduler.nanoTime());
    if (is(Trait.SLOW) && !version.equals(Scenario.OLD)) {
      long end = scheduler.nanoTime() + SLOWNESS.toNanos();
      boolean unused = scheduler.waitFor("a slow device", () -> false, end);
    }
    if (version.startsWith("half")) {
      throw new UpdateException(FailureCode.VERSION_UNREADABLE, "The device does not answer.");
    }
    return version;
  }

  @Override
  public Optional<Rollback> rollback() {
    return is(Trait.RESTORABLE) ? Optional.of(this::restore) : Optional.empty();
  }

  private Rollback.Result restore(FirmwareUpdate update, Progress progress)
      throws InterruptedException {
    requireAlone("rollback of " + update.key());
    long end = scheduler.nanoTime() + mishaps.time(1500).toNanos();
    step("begin of rollback", () -> beginRestore(update.key().id(), end));
    atWork(end, Scenario.OLD);
    step("end of rollback", () -> device().run(Scenario.OLD));
    return Rollback.Result.RESTORED;
  }

  private void beginRestore(String id, long end) {
    device().countRestore(id);
    if (device().restores(id) > 1) {
      world.problem(id + " was restored " + device().restores(id) + " times");
    }
    device().begin(id, Scenario.OLD, end);
  }

  @Override
  public Optional<Commitment> commitment() {
    return is(Trait.COMMITTING) ? Optional.of(this::commit) : Optional.empty();
  }

  private void commit(FirmwareUpdate update, Progress progress) throws InterruptedException {
    scheduler.sleep(mishaps.time(200));
    step("commitment", () -> {});
  }

  @Override
  public boolean isRepeatable() {
    return is(Trait.REPEATABLE);
  }

  @Override
  public void endLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    if (is(Trait.STUBBORN)) {
      requireNoLeftovers(update);
    } else {
      step("end of leftovers", () -> endProgram());
    }
  }

  @Override
  public void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {
    if (is(Trait.STUBBORN) && device().isAtWork(scheduler.nanoTime())) {
      throw new DeviceBusyException("its program cannot be ended");
    }
  }

  private void endProgram() {
    if (device().isAtWork(scheduler.nanoTime())) {
      device().end();
    }
  }
}
