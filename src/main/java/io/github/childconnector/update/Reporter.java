package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.Report.State;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
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

  private final Recorder recorder;
  private final Predicate<OperationKey> isUnderWay;
  private final ReporterThread thread;
  private final Reports reports = new Reports();
  private final Untold untold = new Untold();
  private final Deadline youth;
  private final Announcements announcements;

  Reporter(Ports ports, Recorder recorder, Predicate<OperationKey> isUnderWay) {
    Requesters requesters = new Requesters(ports.requesters());
    this.recorder = recorder;
    this.isUnderWay = isUnderWay;
    this.youth = Deadline.after(SETTLING, ports.clock());
    this.thread = new ReporterThread(ports.clock());
    this.announcements = new Announcements(requesters, ports.clock(), new Turns());
  }

  private final class Turns implements Announcements.Turns {
    @Override
    public void ended(Report report) throws InterruptedException {
      end(report);
    }

    @Override
    public void later(Duration pause, ReporterThread.Work work) {
      thread.later(pause, work);
    }
  }

  void start() {
    thread.start();
  }

  /** Says that an operation is taken up, however soon it ends; comes before what else is said. */
  void begun(Operation operation) {
    thread.add(() -> announcements.begin(operation.key(), operation::requests));
  }

  /** Says that an operation of an earlier process is taken up again. */
  void resumed(Operation operation) {
    thread.add(() -> announcements.resume(operation.key(), operation::requests));
  }

  /** Says to another who has asked for an operation under way that it is. */
  void joined(Operation operation) {
    thread.add(
        () -> {
          if (isUnderWay.test(operation.key())) {
            announcements.join(operation.key(), operation.requests());
          }
        });
  }

  /** Says to one who asks after the end that the operation was under way, as if it still were. */
  void introduce(Request request) {
    thread.add(() -> announcements.introduce(request));
  }

  /**
   * Says that an operation is under way, if it still is when its turn comes; once, however often it
   * is asked for until then, so that a slow network does not let the queue grow.
   */
  void executing(Operation operation) {
    Report announced = new Report(State.QUIET, operation.entry(), 0);
    if (reports.announce(announced)) {
      thread.add(() -> announce(announced, operation));
    }
  }

  private void announce(Report announced, Operation operation) throws InterruptedException {
    if (reports.latest(announced).state() == State.ANNOUNCED) {
      reports.enter(State.QUIET, announced);
    }
    if (isUnderWay.test(announced.key())) {
      announcements.repeat(announced.key(), operation.requests());
    }
  }

  /** Says how an operation has ended, now or as soon as it can be. */
  void ended(Report report) {
    thread.add(() -> end(report));
  }

  /** Says how a request was answered that nobody has been told of yet. */
  void refused(Report report) {
    thread.add(
        () -> {
          announcements.refuse(report);
          end(report);
        });
  }

  /** Says how an operation of an earlier process has ended, which nobody was told for certain. */
  void untold(Report report) {
    thread.add(() -> announcements.end(report));
    endedEarlier(report);
  }

  /**
   * Says how an operation has ended, once more: where this process is young, an earlier one may
   * have said it a moment ago, just before it died.
   */
  void endedEarlier(Report report) {
    thread.add(
        () -> {
          announcements.reopen(report.key());
          if (youth.expired() || reports.latest(report).state().isSettling()) {
            end(report);
          } else {
            untold.add(report);
            settle(reports.enter(State.WAITING, owed(report)));
            relieve();
          }
        });
  }

  /**
   * Says once more, when it can, what was said just before the link to the requester was lost: a
   * broker that is killed takes with it what it has acknowledged and not yet passed on.
   */
  void linkLost() {
    thread.add(
        () -> {
          announcements.doubtAll();
          reports.those(State::isFresh).forEach(this::doubt);
        });
  }

  /** Tries again to report the ends that are still unreported, and to note those that are not. */
  void retry() {
    thread.add(
        () -> {
          noteAgain();
          for (Report report : reports.those(State::isOwed)) {
            end(report);
          }
        });
  }

  private void end(Report ended) throws InterruptedException {
    Report report = owed(ended);
    untold.add(report);
    if (reports.latest(ended).state().isSettling()) {
      reports.enter(State.WAITING, report);
    } else {
      tell(report);
    }
    relieve();
  }

  /** Chooses between this end and the one that is owed already. */
  private Report owed(Report ended) {
    Report known = reports.latest(ended);
    return known.state().isOwed() ? ended.orLater(known) : ended;
  }

  private void tell(Report report) throws InterruptedException {
    if (announcements.admits(report)) {
      tellNow(report);
    } else if (reports.latest(report).state().isSettling()) {
      // It has settled, and its turn tells it.
      Report unused = reports.enter(State.OWED, report);
    }
  }

  private void tellNow(Report report) throws InterruptedException {
    reports.enter(State.OWED, report);
    if (announcements.tell(report)) {
      taken(report);
    } else {
      // It may have arrived even where its acknowledgement did not.
      settle(reports.enter(State.DOUBTFUL, report));
    }
  }

  private void taken(Report report) {
    settle(reports.enter(State.TOLD, report));
    untold.remove(report.key());
    announcements.told(report.key());
    note(reports.latest(report));
  }

  /**
   * Tells the oldest end out of turn where too many are kept in mind; if nobody takes it, that is
   * the end of it.
   */
  private void relieve() throws InterruptedException {
    Optional<Report> surplus = untold.surplus(other -> !reports.latest(other).state().isSettling());
    if (surplus.isPresent()) {
      Report oldest = reports.enter(State.OWED, reports.latest(surplus.get()));
      if (!announcements.tell(oldest)) {
        untold.giveUp(oldest);
      }
      taken(oldest);
    }
  }

  private void doubt(Report told) {
    LOG.log(Level.INFO, "The end was told just before the connection broke: again {0}", told.key());
    reports.enter(State.WAITING, recorder.markUnreported(told));
  }

  private boolean note(Report told) {
    boolean noted = recorder.markReported(told);
    if (noted) {
      reports.enter(told.state() == State.TOLD ? State.FRESH : State.QUIET, told);
    }
    return noted;
  }

  /** Stops at the first that fails: while a disk is full, the others would fail too. */
  private void noteAgain() {
    for (Report told : reports.those(State::isToNote)) {
      if (!note(told)) {
        return;
      }
    }
  }

  private void settle(Report report) {
    thread.later(SETTLING, () -> settled(reports.latest(report)));
  }

  private void settled(Report report) throws InterruptedException {
    switch (report.state()) {
      case WAITING -> tell(report);
      case DOUBTFUL -> reports.enter(State.OWED, report);
      case TOLD -> reports.enter(State.UNNOTED, report);
      default -> reports.enter(State.QUIET, report);
    }
  }

  /** Whether the reporter gets anything done. */
  boolean isResponsive() {
    return thread.isResponsive();
  }

  /** Says what it has been told to say, as far as the time goes; the rest is in the journal. */
  @Override
  public void close() {
    thread.close();
  }
}
