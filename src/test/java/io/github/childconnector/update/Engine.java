package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceAdapter;
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
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scheduler;
import io.github.childconnector.simulation.SteppedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The engine with a real journal, with everything around it played; its threads take turns, on a
 * clock that moves when all of them wait.
 */
final class Engine implements AutoCloseable {
  static final ChildId PLC = new ChildId("plc");
  static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(30);
  static final Duration CONFIRM_TIMEOUT = Duration.ofMinutes(5);
  static final Duration HEARTBEAT = Duration.ofMinutes(4);
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");

  final Scheduler scheduler;
  final RecordingSink statuses;

  /** Requesters that are told after that one. */
  final List<RecordingSink> others = new ArrayList<>();

  final ScriptedAdapter device;
  final ScriptedImages images = new ScriptedImages();
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
  InstantSource time = InstantSource.fixed(NOW);
  private final Disk unbroken;
  private final Path directory;
  private Optional<UpdateQueue> queue = Optional.empty();

  /** An engine whose journal is in memory. */
  Engine(Scheduler scheduler) {
    this(scheduler, new FakeDisk(), Path.of("/var/lib"));
  }

  /** An engine whose journal is on this machine's disk. */
  Engine(Scheduler scheduler, Path directory) {
    this(scheduler, new LocalDisk(), directory);
  }

  private Engine(Scheduler scheduler, Disk disk, Path directory) {
    this.scheduler = scheduler;
    this.unbroken = disk;
    this.disk = new BrokenDisk(disk);
    this.directory = directory;
    this.statuses = new RecordingSink(scheduler);
    this.device = new ScriptedAdapter(scheduler);
    children.add(child(PLC, device, Optional.empty()));
  }

  static Child child(ChildId id, DeviceAdapter device, Optional<String> bus) {
    return new Child(id, device, bus, INSTALL_TIMEOUT, CONFIRM_TIMEOUT, Duration.ofSeconds(30));
  }

  /** An operation that was accepted, of a device that does nothing. */
  static Operation operation(OperationKey key, MonotonicClock clock) {
    Child child = child(key.child(), (what, progress) -> {}, Optional.empty());
    JournalEntry begun = JournalEntry.accepted(update(key, "2.0"), 1, NOW);
    return new Operation(new DeviceCalls(child, clock), begun.update().orElseThrow(), begun, false);
  }

  static OperationKey key(String id) {
    return new OperationKey(PLC, id);
  }

  static FirmwareUpdate update(OperationKey key, String version) {
    String digest = Integer.toHexString((version.hashCode() & 0xff) | 0x100).substring(1);
    return new FirmwareUpdate(
        key, new Firmware("fw", version), new Sha256(digest.repeat(32)), "http://gw/fw");
  }

  /** The journal as it stands; a look at it takes nobody's turn, and no disk breaks by it. */
  Journal journal() {
    return journal(unbroken);
  }

  private Journal journal(Disk on) {
    return new Journal(directory.resolve("operations"), on, time);
  }

  private List<Requester> requesters() {
    List<Requester> all = new ArrayList<>(List.of(statuses));
    all.addAll(others);
    return all;
  }

  UpdateQueue start() {
    Journal stepped = journal(new SteppedDisk(disk, scheduler));
    Ports ports = new Ports(stepped, images, requesters(), scheduler, time);
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
    accept(update(key(id), version));
  }

  /** Hands in a request of the requester that is told. */
  void accept(FirmwareUpdate update) throws InterruptedException {
    queue().accept(statuses.name(), update);
  }

  /** Hands in a request of that requester that cannot be carried out. */
  void refuse(OperationKey key, Failure why) throws InterruptedException {
    queue().refuse(new Request(statuses.name(), key), why);
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

  /** Replaces the file of an operation behind the engine's back, or removes it. */
  void change(OperationKey key, Optional<String> content) throws IOException {
    Path file =
        unbroken.list(directory.resolve("operations")).stream()
            .filter(path -> String.valueOf(path.getFileName()).startsWith(key.id() + "."))
            .findFirst()
            .orElseThrow();
    if (content.isEmpty()) {
      unbroken.delete(file);
    } else {
      unbroken.replace(file, content.get().getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Waits until this holds, without any time passing. */
  void await(BooleanSupplier condition) {
    assertThat(scheduler.awaitNow(condition)).as("without any time passing").isTrue();
  }

  /** Waits until the end was reported and noted as such, without any time passing. */
  JournalEntry awaitEnd(OperationKey key) {
    await(() -> isReported(key));
    return find(key).orElseThrow();
  }

  /** Waits until the end was reported and noted as such, however long that takes. */
  JournalEntry awaitLateEnd(OperationKey key) {
    scheduler.await(() -> isReported(key));
    return find(key).orElseThrow();
  }

  /** Waits until an operation of the first child is in this stage, without any time passing. */
  void awaitStage(String id, Stage stage) {
    await(() -> find(key(id)).filter(entry -> entry.stage() == stage).isPresent());
  }

  /** Whether an end was reported and noted as such. */
  boolean isReported(OperationKey key) {
    return find(key).filter(JournalEntry::reported).isPresent();
  }

  Optional<JournalEntry> find(OperationKey key) {
    try {
      return journal().find(key);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Stops the process; another may be started then. */
  void stop() {
    queue.ifPresent(UpdateQueue::close);
  }

  @Override
  public void close() {
    stop();
  }
}
