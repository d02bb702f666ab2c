package io.github.childconnector.update;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine with a real journal, with everything around it played. */
final class Engine implements AutoCloseable {
  static final ChildId PLC = new ChildId("plc");
  static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(30);
  static final Duration CONFIRM_TIMEOUT = Duration.ofMinutes(5);
  static final Duration HEARTBEAT = Duration.ofMinutes(4);
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");

  final FakeClock clock;
  final RecordingSink statuses = new RecordingSink();
  final ScriptedAdapter device = new ScriptedAdapter();
  final ScriptedImages images;
  final BrokenDisk disk;
  final List<Child> children = new ArrayList<>();
  UpdateSettings settings =
      new UpdateSettings(
          2,
          4,
          HEARTBEAT,
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ZERO,
          100);
  Runnable whileWaiting = () -> {};
  InstantSource time = InstantSource.fixed(NOW);
  private final Path directory;
  private Optional<Scheduler> turns = Optional.empty();
  private Optional<UpdateQueue> queue = Optional.empty();

  /** An engine whose journal is in memory. */
  Engine(FakeClock clock) {
    this(new FakeDisk(), Path.of("/var/lib"), clock);
  }

  /** An engine whose threads take turns, on a clock that moves when all of them wait. */
  Engine(Scheduler scheduler) {
    this(FakeClock.standing());
    turns = Optional.of(scheduler);
  }

  /** An engine whose journal is on this machine's disk. */
  Engine(Path directory, FakeClock clock) {
    this(new LocalDisk(), directory, clock);
  }

  private Engine(Disk disk, Path directory, FakeClock clock) {
    this.disk = new BrokenDisk(disk);
    this.directory = directory;
    this.clock = clock;
    this.images = new ScriptedImages();
    children.add(child(PLC, device, Optional.empty()));
  }

  static Child child(ChildId id, ScriptedAdapter device, Optional<String> bus) {
    return new Child(id, device, bus, INSTALL_TIMEOUT, CONFIRM_TIMEOUT, Duration.ofSeconds(30));
  }

  static OperationKey key(String id) {
    return new OperationKey(PLC, id);
  }

  static FirmwareUpdate update(OperationKey key, String version) {
    String digest = Integer.toHexString((version.hashCode() & 0xff) | 0x100).substring(1);
    return new FirmwareUpdate(
        key, new Firmware("fw", version), new Sha256(digest.repeat(32)), "http://gw/fw");
  }

  Journal journal() {
    return new Journal(directory.resolve("operations"), disk, time);
  }

  UpdateQueue start() {
    MonotonicClock ticking = turns.<MonotonicClock>map(each -> each).orElse(clock);
    Ports ports = new Ports(journal(), images, statuses, ticking, time);
    UpdateQueue started = new UpdateQueue(settings, children, ports);
    queue = Optional.of(started);
    try {
      started.start();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return started;
  }

  UpdateQueue queue() {
    return queue.orElseThrow();
  }

  void request(String id, String version) throws InterruptedException {
    queue().accept(update(key(id), version));
  }

  /** What an earlier process that died in a stage has left. */
  void leave(String id, String version, Stage... path) throws IOException {
    leave(update(key(id), version), 1, path);
  }

  /** The same of any child. */
  void leave(OperationKey key, long sequence, Stage... path) throws IOException {
    leave(update(key, "2.0"), sequence, path);
  }

  private void leave(FirmwareUpdate update, long sequence, Stage... path) throws IOException {
    journal().open(List.of());
    JournalEntry entry = JournalEntry.accepted(update, sequence, NOW);
    Failure failure = new Failure(FailureCode.INSTALL_FAILED, "It broke.");
    for (Stage stage : path) {
      boolean failed = stage == Stage.ROLLING_BACK || stage == Stage.FAILED;
      entry = entry.enter(stage, failed ? Optional.of(failure) : Optional.empty(), NOW);
    }
    journal().write(entry);
  }

  /** Waits until the end of an operation was reported and noted as such. */
  JournalEntry awaitEnd(OperationKey key) {
    turns.ifPresentOrElse(each -> each.await(() -> isReported(key)), () -> pollUntilReported(key));
    return find(key).orElseThrow();
  }

  private void pollUntilReported(OperationKey key) {
    await()
        .pollInterval(5, MILLISECONDS)
        .until(
            () -> {
              whileWaiting.run();
              return isReported(key);
            });
  }

  /** Whether an end was reported and noted as such. */
  boolean isReported(OperationKey key) {
    return find(key).filter(JournalEntry::reported).isPresent();
  }

  private Optional<JournalEntry> find(OperationKey key) {
    try {
      return journal().find(key);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets the pause before a busy device is tried again pass, but not the time of its worker. */
  void retryBusy() {
    if (clock.awaits(settings.busyRetry())) {
      clock.advance(settings.busyRetry());
    }
  }

  @Override
  public void close() {
    queue.ifPresent(UpdateQueue::close);
  }
}
