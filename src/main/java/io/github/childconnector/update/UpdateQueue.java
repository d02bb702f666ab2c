package io.github.childconnector.update;

import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The engine: takes requests, each at most once, and brings every one of them to exactly one end.
 *
 * <p>{@link #accept} and {@link #refuse} return when the request is in the journal, so that it may
 * be acknowledged; they are called by one thread at a time.
 */
public final class UpdateQueue implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(UpdateQueue.class.getName());

  private static final Set<Stage> AT_DEVICE =
      Set.of(Stage.INSTALLING, Stage.CONFIRMING, Stage.ROLLING_BACK);

  private final UpdateSettings settings;
  private volatile Map<ChildId, Child> children;
  private final Ports ports;
  private final Recorder recorder;
  private final Reporter reporter;
  private final Dispatcher dispatcher;
  private final UnderWay underWay = new UnderWay();
  private final Door door;
  private final Room room;
  private final Lock pruning;
  private final Lock forgetting;

  /** An engine for these children; {@link #start} sets it going. */
  public UpdateQueue(UpdateSettings settings, Collection<Child> children, Ports ports) {
    this.settings = settings;
    this.children = byId(children);
    this.ports = ports;
    this.pruning = ports.clock().threads().lock();
    this.forgetting = ports.clock().threads().lock();
    this.recorder = new Recorder(ports);
    this.reporter = new Reporter(ports, recorder, underWay::contains);
    this.door = new Door(ports, recorder, reporter, underWay);
    this.room = new Room(underWay::all);
    this.dispatcher = new Dispatcher(settings, ports, recorder, room);
  }

  private static Map<ChildId, Child> byId(Collection<Child> children) {
    return children.stream().collect(Collectors.toUnmodifiableMap(Child::id, Function.identity()));
  }

  /**
   * Serves these children from now on. An operation under way goes on as it began, also with a
   * child that is gone.
   */
  public void change(Collection<Child> now) {
    children = byId(now);
  }

  /**
   * Takes up what an earlier process left in the journal, and begins to report.
   *
   * @throws IOException the journal cannot be read
   */
  public void start() throws IOException, InterruptedException {
    Collection<JournalEntry> entries = ports.journal().open(children.keySet());
    reporter.start();
    for (JournalEntry entry : atDevicesFirst(entries)) {
      takeUp(entry);
    }
    pruneImages();
    ports.clock().repeat(settings.heartbeat(), this::announce);
  }

  /**
   * Puts first what has ended, of which is spoken before the next of its child; then those that had
   * their bus: a program they have left may still use it, which they end, and which an operation
   * that waited for that bus knows nothing of.
   */
  private static List<JournalEntry> atDevicesFirst(Collection<JournalEntry> entries) {
    return entries.stream()
        .sorted(
            Comparator.comparing((JournalEntry entry) -> !entry.stage().isEnd())
                .thenComparing(entry -> !AT_DEVICE.contains(entry.stage())))
        .toList();
  }

  private void takeUp(JournalEntry entry) {
    if (entry.stage().isEnd()) {
      recorder.endedEarlier(entry);
      door.ended(entry);
      if (!entry.reported()) {
        reporter.untold(Report.of(entry));
      }
      return;
    }
    FirmwareUpdate update = entry.update().orElseThrow();
    Child child = children.get(entry.key().child());
    if (child == null) {
      // Not here: a full disk would keep the other children waiting for the start.
      dispatcher.aside(() -> answerUnknown(entry));
    } else {
      EventLog.takenUp(entry);
      Operation operation = new Operation(device(child), update, entry, true);
      reporter.resumed(operation);
      begin(operation);
    }
  }

  private void answerUnknown(JournalEntry entry) {
    try {
      if (recorder.unfinished(entry.key()).isPresent()) {
        door.answer(entry.requests().get(0).request(), unknown(entry.key().child()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes a request, or answers it if it is known, also by another way.
   *
   * @param requester the name of the {@link Requester} by whom it came
   */
  public void accept(String requester, FirmwareUpdate update) throws InterruptedException {
    Request request = new Request(requester, update.key());
    Child child = children.get(update.key().child());
    if (child == null) {
      refuse(request, unknown(update.key().child()));
    } else if (!door.isAnswered(request) && !door.isJoined(requester, update)) {
      long before = underWay.of(child.id());
      Optional<Failure> full = QueueBounds.refusal(before, underWay.size());
      if (full.isPresent()) {
        door.answer(request, full.get());
        forget(child.id());
      } else {
        JournalEntry entry = recorder.accept(requester, update);
        EventLog.entered(entry);
        begin(device(child), before > 0 ? entry.abridged() : entry);
      }
    }
  }

  /** Begins an operation; one that has to wait leaves in memory no more than it needs. */
  private void begin(DeviceCalls device, JournalEntry kept) {
    Operation operation = new Operation(device, kept.update().orElseThrow(), kept, false);
    reporter.begun(operation);
    begin(operation);
  }

  /**
   * Answers a request that may be old, if it is known or means an operation that is, however long
   * ago that has ended; returns false if nobody knows it, and then does nothing.
   */
  public boolean answerKnown(String requester, FirmwareUpdate update) throws InterruptedException {
    return door.isAnswered(new Request(requester, update.key()))
        || door.isJoinedLate(requester, update);
  }

  /** Answers a request that cannot be carried out, unless its operation is known already. */
  public void refuse(Request request, Failure why) throws InterruptedException {
    if (!door.isAnswered(request)) {
      door.answer(request, why);
      forget(request.key().child());
    }
  }

  private static Failure unknown(ChildId child) {
    return new Failure(
        FailureCode.CHILD_UNKNOWN,
        "No child " + child + " is configured on this connector. Add a [[child]] for it.");
  }

  private DeviceCalls device(Child child) {
    return new DeviceCalls(child, ports.clock());
  }

  private void begin(Operation operation) {
    pruning.lock();
    try {
      underWay.add(operation);
    } finally {
      pruning.unlock();
    }
    dispatcher.start(operation, this::end);
  }

  private void end(Operation operation) {
    operation.closeOffer();
    JournalEntry last = recorder.leave(operation);
    door.ended(last);
    underWay.remove(operation);
    reporter.ended(Report.of(last));
    pruneImages();
    room.freed();
    forget(operation.child().id());
  }

  private void forget(ChildId child) {
    forgetting.lock();
    try {
      ports.journal().forget(child, settings.history());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "Ended operations cannot be removed from the journal: " + FileTrouble.sentence(e));
    } finally {
      forgetting.unlock();
    }
  }

  /** No operation begins meanwhile, whose image would be taken for one that nobody needs. */
  private void pruneImages() {
    pruning.lock();
    try {
      ports.images().prune(neededImages(), neededUrls());
    } finally {
      pruning.unlock();
    }
  }

  private Set<Sha256> neededImages() {
    return underWay.all().stream()
        .flatMap(operation -> operation.update().digest().stream())
        .collect(Collectors.toSet());
  }

  /** The addresses whose images have no digest yet; of those that wait, it is not in memory. */
  private Set<String> neededUrls() {
    return underWay.all().stream()
        .map(Operation::update)
        .filter(update -> update.digest().isEmpty() && !update.url().isEmpty())
        .map(FirmwareUpdate::url)
        .collect(Collectors.toSet());
  }

  /**
   * Says what is under way, and what has ended unreported: at every heartbeat, and when the link to
   * the requester is there again.
   */
  public void announce() {
    underWay.all().forEach(reporter::executing);
    reporter.retry();
  }

  /** Takes note that the link to the requester is lost, and with it perhaps what was just said. */
  public void linkLost() {
    reporter.linkLost();
  }

  /** The thing that an operation waits for; empty if it is worked on, or not under way. */
  public Optional<Wait> waitsFor(OperationKey key) {
    return underWay.find(key).flatMap(Operation::waitsFor);
  }

  /** Tells this one from now on what is wrong with the journal, or that nothing is any more. */
  public void watchJournal(Consumer<Optional<String>> watcher) {
    recorder.watch(watcher);
  }

  /** How many operations are under way. */
  int size() {
    return underWay.size();
  }

  /** Whether the engine has made progress since this was last asked. */
  public boolean isAlive() {
    return reporter.isResponsive();
  }

  /**
   * How many devices are being written or restored at this moment; {@link #close} waits for them.
   */
  public int changingDevices() {
    return dispatcher.changing().size();
  }

  /**
   * Lets nothing new begin, waits at most {@link UpdateSettings#shutdownGrace} for devices that are
   * being written, and interrupts the rest, which the journal lets the next start take up.
   */
  @Override
  public void close() {
    dispatcher.close();
    reporter.close();
  }
}
