package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.update.Report.State;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * The one place that speaks about operations: a thread of its own reports one status after the
 * other, so that an {@code executing} never follows an end.
 *
 * <p>An end stays unreported, here and in the journal, until the sink has it for certain. Two
 * reports of one end are at least {@link #SETTLING} apart, also over a restart, because thin-edge's
 * firmware plugin (1.1.0 and later) fails an operation whose second answer arrives while it still
 * closes the first. {@link Report.State} draws how far each report may be.
 */
final class Reporter implements AutoCloseable {
  static final Duration SETTLING = Duration.ofSeconds(2);
  private static final System.Logger LOG = System.getLogger(Reporter.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(6);

  private final StatusSink sink;
  private final Recorder recorder;
  private final MonotonicClock clock;
  private final Predicate<OperationKey> isUnderWay;
  private final BlockingQueue<Work> queue;
  private final Threads.Worker thread;

  /** The reports that are not quiet, in the order in which they became owed. */
  private final Map<OperationKey, Report> reports = new LinkedHashMap<>();

  private final Untold untold = new Untold();
  private final Deadline youth;
  private final AtomicBoolean answered = new AtomicBoolean(true);
  private final Announcements announcements;

  Reporter(Ports ports, Recorder recorder, Predicate<OperationKey> isUnderWay) {
    this.sink = ports.statuses();
    this.clock = ports.clock();
    this.recorder = recorder;
    this.isUnderWay = isUnderWay;
    this.youth = Deadline.after(SETTLING, clock);
    this.queue = clock.threads().queue();
    this.announcements = new Announcements(sink.pacing(), clock, new Voice());
    this.thread = clock.threads().thread("reporter", this::run);
  }

  /** Something that the thread does in its turn. */
  interface Work {
    void run() throws InterruptedException;
  }

  private final class Voice implements Announcements.Voice {
    @Override
    public void executing(OperationKey operation) throws InterruptedException {
      boolean unused = sink.executing(operation);
    }

    @Override
    public void ended(Report report) throws InterruptedException {
      end(report);
    }

    @Override
    public void later(Duration pause, Work work) {
      clock.schedule(pause, () -> queue.add(work));
    }
  }

  void start() {
    thread.start();
  }

  /** Says that an operation is taken up, however soon it ends; comes before what else is said. */
  void begun(OperationKey key) {
    queue.add(() -> announcements.begin(key));
  }

  /** Says that an operation of an earlier process is taken up again. */
  void resumed(OperationKey key) {
    queue.add(() -> announcements.resume(key));
  }

  /**
   * Says that an operation is under way, if it still is when its turn comes; once, however often it
   * is asked for until then, so that a slow network does not let the queue grow.
   */
  void executing(Operation operation) {
    Report announced = new Report(State.QUIET, operation.entry(), 0);
    if (isFirst(announced)) {
      log(State.QUIET, State.ANNOUNCED, announced);
      queue.add(() -> announce(announced));
    }
  }

  private synchronized boolean isFirst(Report announced) {
    boolean isFirst = latest(announced).state() == State.QUIET;
    if (isFirst) {
      put(State.ANNOUNCED, announced);
    }
    return isFirst;
  }

  private void announce(Report announced) throws InterruptedException {
    if (latest(announced).state() == State.ANNOUNCED) {
      enter(State.QUIET, announced);
    }
    if (isUnderWay.test(announced.key()) && announcements.isAnnounced(announced.key())) {
      sink.executing(announced.key());
    }
  }

  /** Says how an operation has ended, now or as soon as it can be. */
  void ended(Report report) {
    queue.add(() -> end(report));
  }

  /** Says how a request was answered that nobody has been told of yet. */
  void refused(Report report) {
    queue.add(
        () -> {
          announcements.refuse(report.key());
          end(report);
        });
  }

  /** Says how an operation of an earlier process has ended, which nobody was told for certain. */
  void untold(Report report) {
    queue.add(() -> announcements.end(report.key()));
    endedEarlier(report);
  }

  /**
   * Says how an operation has ended, once more: where this process is young, an earlier one may
   * have said it a moment ago, just before it died.
   */
  void endedEarlier(Report report) {
    queue.add(
        () -> {
          if (youth.expired() || latest(report).state().isSettling()) {
            end(report);
          } else {
            remember(report);
            settle(enter(State.WAITING, owed(report)));
          }
        });
  }

  /**
   * Says once more, when it can, what was said just before the link to the requester was lost: a
   * broker that is killed takes with it what it has acknowledged and not yet passed on.
   */
  void linkLost() {
    queue.add(() -> those(State::isFresh).forEach(this::doubt));
  }

  /** Tries again to report the ends that are still unreported, and to note those that are not. */
  void retry() {
    queue.add(
        () -> {
          noteAgain();
          for (Report report : those(State::isOwed)) {
            end(report);
          }
        });
  }

  private void end(Report ended) throws InterruptedException {
    Report report = owed(ended);
    remember(report);
    if (latest(ended).state().isSettling()) {
      enter(State.WAITING, report);
    } else {
      tell(report);
    }
  }

  /** Chooses between this end and the one that is owed already. */
  private Report owed(Report ended) {
    Report known = latest(ended);
    return known.state().isOwed() ? ended.orLater(known) : ended;
  }

  private void tell(Report report) throws InterruptedException {
    if (announcements.admits(report)) {
      tellNow(report);
    } else if (latest(report).state().isSettling()) {
      // It has settled, and its turn tells it.
      Report unused = enter(State.OWED, report);
    }
  }

  private void tellNow(Report report) throws InterruptedException {
    enter(State.OWED, report);
    announcements.tells(report.key());
    boolean certain = sink.ended(report.key(), report.entry().outcome().orElseThrow());
    if (certain) {
      taken(report);
    } else {
      // It may have arrived even where its acknowledgement did not.
      settle(enter(State.DOUBTFUL, report));
    }
  }

  private void taken(Report report) {
    settle(enter(State.TOLD, report));
    untold.remove(report.key());
    announcements.told(report.key());
    note(latest(report));
  }

  /** Keeps an end in mind; where they are too many, the oldest is taken for told. */
  private void remember(Report report) {
    untold
        .add(report, other -> !latest(other).state().isSettling())
        .ifPresent(surplus -> taken(enter(State.OWED, latest(surplus))));
  }

  private void doubt(Report told) {
    LOG.log(Level.INFO, "The end was told just before the connection broke: again {0}", told.key());
    enter(State.WAITING, recorder.markUnreported(told));
  }

  private boolean note(Report told) {
    boolean noted = recorder.markReported(told);
    if (noted) {
      enter(told.state() == State.TOLD ? State.FRESH : State.QUIET, told);
    }
    return noted;
  }

  /** Stops at the first that fails: while a disk is full, the others would fail too. */
  private void noteAgain() {
    for (Report told : those(State::isToNote)) {
      if (!note(told)) {
        return;
      }
    }
  }

  private void settle(Report report) {
    clock.schedule(SETTLING, () -> queue.add(() -> settled(latest(report))));
  }

  private void settled(Report report) throws InterruptedException {
    switch (report.state()) {
      case WAITING -> tell(report);
      case DOUBTFUL -> enter(State.OWED, report);
      case TOLD -> enter(State.UNNOTED, report);
      default -> enter(State.QUIET, report);
    }
  }

  /** The report as it stands now; quiet if it is not kept. */
  private synchronized Report latest(Report report) {
    return reports.getOrDefault(report.key(), report.in(State.QUIET));
  }

  private synchronized List<Report> those(Predicate<State> kind) {
    return reports.values().stream().filter(report -> kind.test(report.state())).toList();
  }

  /** Keeps a report in its next state, and logs that outside the monitor, which timers take too. */
  private Report enter(State next, Report report) {
    log(put(next, report), next, report);
    return report.in(next);
  }

  /**
   * Keeps a report in its next state; returns the one before.
   *
   * @throws IllegalStateException the table does not list the next state as a follower
   */
  private synchronized State put(State next, Report report) {
    State present = latest(report).state();
    if (!present.followers().contains(next)) {
      throw new IllegalStateException(
          "A report cannot go from %s to %s %s".formatted(present, next, report.key()));
    }
    if (next == State.QUIET || (next.isOwed() && !present.isOwed())) {
      reports.remove(report.key());
    }
    if (next != State.QUIET) {
      reports.put(report.key(), report.in(next));
    }
    return present;
  }

  private static void log(State from, State to, Report report) {
    LOG.log(Level.DEBUG, "A report goes from {0} to {1} {2}", from, to, report.key());
  }

  /**
   * Whether the thread has got anything done since this was last asked; false while it is stuck
   * with one report. Many reports over a slow network are not stuck.
   */
  boolean isResponsive() {
    boolean wasAnswered = answered.getAndSet(false);
    if (queue.isEmpty()) {
      queue.add(() -> {});
    }
    return wasAnswered && thread.isAlive();
  }

  private void run() {
    try {
      while (true) {
        work(queue.take());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The reporter stops");
    }
  }

  private void work(Work work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "A report failed by a fault of this program", e);
    }
    answered.set(true);
  }

  /** Says what it has been told to say, as far as the time goes; the rest is in the journal. */
  @Override
  public void close() {
    queue.add(
        () -> {
          throw new InterruptedException();
        });
    try {
      thread.join(LAST_WORDS);
      thread.interrupt();
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
