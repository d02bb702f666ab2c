package io.github.childconnector.update;

import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.journal.Effort;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Operation.Transition;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Writes before anything is said: each step of an operation is in the journal before it is told. A
 * journal that cannot be written (a full disk, mostly) holds its caller up until it can.
 */
final class Recorder {
  private static final System.Logger LOG = System.getLogger(Recorder.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Journal journal;
  private final MonotonicClock clock;
  private final InstantSource time;
  private final LastInstalled installed = new LastInstalled();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Consumer<Optional<String>> listener = unused -> {};
  private final Map<OperationKey, Integer> repetitions = new HashMap<>();

  /** Guards the numbers and the repetitions, and that the journal says the same. */
  private final Lock lock;

  Recorder(Ports ports) {
    this.journal = ports.journal();
    this.clock = ports.clock();
    this.time = ports.time();
    this.lock = clock.threads().lock();
  }

  private interface Access<T> {
    T run() throws IOException;
  }

  JournalEntry accept(FirmwareUpdate update) throws InterruptedException {
    return write(JournalEntry.accepted(update, nextSequence(), time.instant()));
  }

  JournalEntry refuse(OperationKey key, Failure failure) throws InterruptedException {
    return write(JournalEntry.refused(key, nextSequence(), failure, time.instant()));
  }

  private long nextSequence() throws InterruptedException {
    return insist(() -> locked(journal::nextSequence));
  }

  private <T> T locked(Access<T> access) throws IOException {
    return locked(lock, access);
  }

  private static <T> T locked(Lock guard, Access<T> access) throws IOException {
    guard.lock();
    try {
      return access.run();
    } finally {
      guard.unlock();
    }
  }

  /** Reads the rest of an operation whose turn has come, if it was queued. */
  void complete(Operation operation) throws InterruptedException {
    if (operation.entry().isAbridged()) {
      Optional<JournalEntry> whole = insist(() -> journal.find(operation.key()));
      operation.complete(whole.isPresent() ? whole.get() : refuse(operation.key(), lost()));
      if (operation.stage().isEnd()) {
        EventLog.moved(operation);
      }
    }
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
    return insist(() -> journal.find(key).filter(entry -> !entry.stage().isEnd()));
  }

  /** Moves an operation on, and says so in the log. */
  void move(Operation operation, Transition transition) throws InterruptedException {
    JournalEntry next =
        operation.entry().enter(transition.next(), transition.failure(), time.instant());
    boolean isInterrupted = transition.interrupted();
    JournalEntry moved =
        insist(
            () -> locked(operation.lock(), () -> enter(operation, next, isInterrupted)),
            operation::holdUp);
    installed.note(moved);
    EventLog.moved(operation);
  }

  private JournalEntry enter(Operation operation, JournalEntry next, boolean isInterrupted)
      throws IOException {
    Effort effort = operation.effort();
    JournalEntry moved = next.with(isInterrupted ? effort.interrupted() : effort);
    operation.moveTo(writeDespiteFaults(moved));
    return moved;
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
      installed.complete(child, insist(() -> journal.archive().lastSuccess(child)));
    }
    return installed.of(child);
  }

  /** Remembers that an image was not what its request had promised. */
  void noteMismatch(FirmwareUpdate update, Sha256 found) throws InterruptedException {
    boolean unused =
        insist(
            () ->
                locked(
                    () -> {
                      journal.mismatches().add(update.url(), update.digest(), found);
                      return true;
                    }));
  }

  /**
   * The digest with which the file of an update was promised before, when it turned out to have the
   * one that is promised now.
   */
  Optional<Sha256> promisedBefore(FirmwareUpdate update) throws InterruptedException {
    return insist(
        () -> locked(() -> journal.mismatches().promisedBefore(update.url(), update.digest())));
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
   * Looks an operation up whose request has come. If it has ended, the journal has it as unreported
   * from now on, so that the answer is not lost with this process.
   */
  Known lookUp(OperationKey key) throws InterruptedException {
    return insist(() -> locked(() -> lookUpOnce(key)));
  }

  private Known lookUpOnce(OperationKey key) throws IOException {
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
    return ended.isPresent() ? reopen(ended.get()) : new Known(false, Optional.empty());
  }

  private Known reopen(JournalEntry ended) throws IOException {
    JournalEntry entry = ended.markReported(false);
    if (ended.reported()) {
      journal.write(entry);
    }
    int again = repetitions.merge(ended.key(), 1, Integer::sum);
    return new Known(true, Optional.of(new Report(Report.State.OWED, entry, again)));
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
      journal.write(told.entry());
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

  private void note(Optional<String> now) {
    if (!now.equals(trouble)) {
      trouble = now;
      listener.accept(now);
    }
  }

  /** Tells this one from now on what is wrong with the journal, or that nothing is any more. */
  void watch(Consumer<Optional<String>> watcher) {
    listener = watcher;
  }

  private JournalEntry write(JournalEntry entry) throws InterruptedException {
    return insist(
        () -> {
          journal.write(entry);
          return entry;
        });
  }

  private <T> T insist(Access<T> access) throws InterruptedException {
    return insist(access, isHeld -> {});
  }

  /**
   * The same.
   *
   * @param held is told whether it takes longer than it should
   */
  private <T> T insist(Access<T> access, Consumer<Boolean> held) throws InterruptedException {
    Backoff pauses =
        new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new SplittableRandom(clock.nanoTime()));
    while (true) {
      try {
        T result = access.run();
        held.accept(false);
        note(Optional.empty());
        return result;
      } catch (IOException e) {
        held.accept(true);
        note(Optional.of(FileTrouble.sentence(e)));
        LOG.log(
            Level.ERROR,
            "The journal cannot be used, and updates wait for it: "
                + FileTrouble.sentence(e)
                + (FileTrouble.isShortOfDescriptors(e) ? "" : makeRoom()));
        clock.sleep(pauses.next());
      }
    }
  }

  private String makeRoom() {
    return ". Make room on the disk of "
        + journal.directory()
        + " (bytes and inodes), and make that directory readable and writable";
  }
}
