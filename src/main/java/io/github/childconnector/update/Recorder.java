package io.github.childconnector.update;

import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.journal.Effort;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.journal.JournalEntry.Asked;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Operation.Transition;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Writes before anything is said: each step of an operation is in the journal before it is told. A
 * journal that cannot be written (a full disk, mostly) holds its caller up until it can.
 */
final class Recorder {
  private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

  private final Journal journal;
  private final JournalAccess access;
  private final BrokenPromises brokenPromises;
  private final InstantSource time;
  private final LastInstalled installed = new LastInstalled();
  private final Map<OperationKey, Integer> repetitions = new HashMap<>();

  /** Guards the numbers and the repetitions, and that the journal says the same. */
  private final Lock lock;

  Recorder(Ports ports) {
    this.journal = ports.journal();
    this.access = new JournalAccess(journal.directory(), ports.clock());
    this.brokenPromises = new BrokenPromises(journal, access, ports.clock().threads().lock());
    this.time = ports.time();
    this.lock = ports.clock().threads().lock();
  }

  JournalEntry accept(String requester, FirmwareUpdate update) throws InterruptedException {
    return write(JournalEntry.accepted(requester, update, nextSequence(), time.instant()));
  }

  JournalEntry refuse(Request request, Failure failure) throws InterruptedException {
    return write(JournalEntry.refused(request, nextSequence(), failure, time.instant()));
  }

  private long nextSequence() throws InterruptedException {
    return access.insist(() -> locked(journal::nextSequence));
  }

  private <T> T locked(JournalAccess.Use<T> use) throws IOException {
    return locked(lock, use);
  }

  private static <T> T locked(Lock guard, JournalAccess.Use<T> use) throws IOException {
    guard.lock();
    try {
      return use.run();
    } finally {
      guard.unlock();
    }
  }

  /** Reads the rest of an operation whose turn has come, if it was queued. */
  void complete(Operation operation) throws InterruptedException {
    if (operation.entry().isAbridged()) {
      boolean isThere =
          access.insist(() -> locked(operation.lock(), () -> completeOnce(operation)));
      if (!isThere) {
        operation.complete(refuseLost(operation));
        EventLog.moved(operation);
      }
    }
  }

  private boolean completeOnce(Operation operation) throws IOException {
    Optional<JournalEntry> whole = journal.find(operation.key());
    whole.ifPresent(operation::complete);
    return whole.isPresent();
  }

  private JournalEntry refuseLost(Operation operation) throws InterruptedException {
    long sequence = nextSequence();
    List<Request> requests = operation.requests().stream().map(Asked::request).toList();
    JournalEntry refused = JournalEntry.refused(requests.get(0), sequence, lost(), time.instant());
    for (Request other : requests) {
      refused = refused.askedBy(other);
    }
    return write(refused);
  }

  private static Failure lost() {
    return new Failure(
        FailureCode.STORAGE_FAILED,
        "The record of this operation is gone, so it was not begun. Send the update again.");
  }

  /** Ends an operation of an earlier process that nobody can go on with. */
  JournalEntry giveUp(JournalEntry entry, Failure failure) throws InterruptedException {
    return write(entry.enter(Stage.FAILED, Optional.of(failure), time.instant()));
  }

  /** An operation that is known and has not ended. */
  Optional<JournalEntry> unfinished(OperationKey key) throws InterruptedException {
    return access.insist(() -> journal.find(key).filter(entry -> !entry.stage().isEnd()));
  }

  /** Moves an operation on, and says so in the log. */
  void move(Operation operation, Transition transition) throws InterruptedException {
    Instant now = time.instant();
    JournalEntry moved =
        access.insist(
            () -> locked(operation.lock(), () -> enter(operation, transition, now)),
            operation::holdUp);
    installed.note(moved);
    EventLog.moved(operation);
  }

  private JournalEntry enter(Operation operation, Transition transition, Instant now)
      throws IOException {
    Effort effort = operation.effort();
    JournalEntry next =
        operation
            .entry()
            .with(operation.update())
            .enter(transition.next(), transition.failure(), now)
            .with(transition.interrupted() ? effort.interrupted() : effort);
    operation.moveTo(writeDespiteFaults(next));
    return next;
  }

  /**
   * Notes that another has asked for an operation under way, or the same once more.
   *
   * @return false if it is not under way any more
   */
  boolean join(Operation operation, Request request) throws InterruptedException {
    return access.insist(() -> locked(operation.lock(), () -> joinOnce(operation, request)));
  }

  private boolean joinOnce(Operation operation, Request request) throws IOException {
    JournalEntry known = operation.entry();
    if (operation.isGone() || known.isAskedBy(request)) {
      return !operation.isGone();
    }
    Optional<JournalEntry> whole =
        known.isAbridged() ? journal.find(known.key()) : Optional.of(known);
    if (whole.isPresent()) {
      journal.write(whole.get().askedBy(request));
      operation.noted(known.askedBy(request));
    }
    return whole.isPresent();
  }

  /** Ends an operation's time in memory; returns the last that the journal has of it. */
  JournalEntry leave(Operation operation) {
    operation.lock().lock();
    try {
      operation.leave();
      return operation.entry();
    } finally {
      operation.lock().unlock();
    }
  }

  /**
   * Notes how long an operation has worked, if the disk lets it: nobody waits for that.
   *
   * @param least by how much less the journal says, if it is worth while
   */
  void noteTimes(Operation operation, Duration least) {
    try {
      boolean unused = locked(operation.lock(), () -> writeTimes(operation, least));
    } catch (IOException e) {
      warn(e);
    }
  }

  private boolean writeTimes(Operation operation, Duration least) throws IOException {
    JournalEntry known = operation.entry();
    JournalEntry now = known.with(operation.effort());
    boolean isWorthWhile =
        !known.stage().isEnd() && now.effort().exceeds(known.effort()).compareTo(least) >= 0;
    if (isWorthWhile) {
      operation.noted(writeDespiteFaults(now));
    }
    return isWorthWhile;
  }

  /** Takes note of an operation of an earlier process that has ended. */
  void endedEarlier(JournalEntry entry) {
    installed.note(entry);
  }

  /** The firmware that a child was last updated to; empty where none is known. */
  Optional<LastInstalled.Installed> lastInstalled(ChildId child) throws InterruptedException {
    if (!installed.isComplete(child)) {
      installed.complete(child, access.insist(() -> journal.archive().lastSuccess(child)));
    }
    return installed.of(child);
  }

  /** The images that were not what their requests had promised. */
  BrokenPromises brokenPromises() {
    return brokenPromises;
  }

  /** Makes a fault of this program hold an operation up as a full disk does, and not for ever. */
  private JournalEntry writeDespiteFaults(JournalEntry entry) throws IOException {
    try {
      journal.write(entry);
      return entry;
    } catch (RuntimeException | Error e) {
      LastingFault.rethrow(e);
      throw new IOException("a fault of this program, " + e, e);
    }
  }

  /**
   * An operation whose request was sent again.
   *
   * @param isKnown whether it was accepted once, and so must not be carried out again
   * @param end to be told once more; empty where what became of it cannot be read, because any
   *     answer might be untrue
   */
  record Known(boolean isKnown, Optional<Report> end) {}

  /**
   * Looks an operation up that a request means. If it has ended, the journal has it as yet to be
   * told to that requester from now on, so that the answer is not lost with this process.
   */
  Known lookUp(OperationKey key, Request request) throws InterruptedException {
    return access.insist(() -> locked(() -> lookUpOnce(key, request)));
  }

  private Known lookUpOnce(OperationKey key, Request request) throws IOException {
    Optional<JournalEntry> found;
    try {
      found = journal.find(key);
    } catch (IOException e) {
      if (journal.isHeld(key)) {
        return new Known(true, Optional.empty());
      }
      throw e;
    }
    // One that has not ended and is not under way belongs to a child that is gone.
    Optional<JournalEntry> ended = found.filter(entry -> entry.stage().isEnd());
    return ended.isPresent() ? reopen(ended.get(), request) : new Known(false, Optional.empty());
  }

  private Known reopen(JournalEntry ended, Request request) throws IOException {
    JournalEntry entry = ended.askedBy(request);
    if (!entry.equals(ended)) {
      journal.write(entry);
    }
    int again = repetitions.merge(ended.key(), 1, Integer::sum);
    return new Known(true, Optional.of(new Report(Report.State.OWED, entry, again)));
  }

  /** The operation of this key, as the journal has it. */
  Optional<JournalEntry> known(OperationKey key) throws InterruptedException {
    return access.insist(() -> journal.find(key));
  }

  /** The latest operation of a child that has ended, was told, and asked for the same. */
  Optional<JournalEntry> lastSame(FirmwareUpdate update) throws InterruptedException {
    return access.insist(
        () ->
            journal
                .archive()
                .last(
                    update.key().child(),
                    entry -> entry.update().filter(update::isSame).isPresent()));
  }

  /**
   * Notes that the broker has acknowledged an end, unless it was asked for again meanwhile.
   *
   * @return whether that is done; otherwise the end is reported once more after the next start
   */
  boolean markReported(Report told) {
    lock.lock();
    try {
      if (repetitions.getOrDefault(told.key(), 0) == told.repetitions()) {
        journal.write(told.entry().markReported(true));
        repetitions.remove(told.key());
      }
      return true;
    } catch (IOException e) {
      warn(e);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static void warn(IOException e) {
    LOG.log(Level.WARNING, "The journal cannot be written: " + FileTrouble.sentence(e));
  }

  /** Notes, if the disk lets it, that an end has to be reported once more; returns that end. */
  Report markUnreported(Report told) {
    lock.lock();
    try {
      // Or the journal has it as unreported already, and asked for by others perhaps.
      if (repetitions.getOrDefault(told.key(), 0) <= told.repetitions()) {
        journal.write(told.entry());
      }
      return latest(told);
    } catch (IOException e) {
      warn(e);
      return latest(told);
    } finally {
      lock.unlock();
    }
  }

  private Report latest(Report told) {
    return new Report(told.state(), told.entry(), repetitions.getOrDefault(told.key(), 0));
  }

  /** Tells this one from now on what is wrong with the journal, or that nothing is any more. */
  void watch(Consumer<Optional<String>> watcher) {
    access.watch(watcher);
  }

  private JournalEntry write(JournalEntry entry) throws InterruptedException {
    return access.insist(
        () -> {
          journal.write(entry);
          return entry;
        });
  }
}
