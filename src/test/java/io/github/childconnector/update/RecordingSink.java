package io.github.childconnector.update;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.simulation.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers what was reported, in order; can be told that nothing arrives. */
final class RecordingSink implements Requester {
  private final String name;
  private final List<Report> reports = new ArrayList<>();
  private boolean cut;
  private boolean unanswered;
  private int tries;
  Before before;
  Pacing pacing = Pacing.FREE;
  Duration pairing = ANY_TIME;
  Consumer<Report> listener = report -> {};

  /** Receives reports of threads of this scheduler, whose turn may end with each. */
  RecordingSink(Scheduler scheduler) {
    this(Request.LEGACY, scheduler);
  }

  /** The same under another name. */
  RecordingSink(String name, Scheduler scheduler) {
    this.name = name;
    before = () -> scheduler.sleep(Duration.ZERO);
  }

  /** Comes before each report arrives. */
  interface Before {
    void run() throws InterruptedException;
  }

  record Report(OperationKey key, OperationStatus status, Optional<Failure> failure) {
    /** For example {@code executing} or {@code failed digest-mismatch}. */
    String words() {
      return status.word() + failure.map(why -> " " + why.code().word()).orElse("");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean executing(OperationKey operation) throws InterruptedException {
    return report(operation, OperationStatus.EXECUTING, Optional.empty());
  }

  @Override
  public boolean ended(OperationKey operation, Outcome outcome) throws InterruptedException {
    return report(operation, outcome.status(), outcome.failure());
  }

  @Override
  public Duration pairing() {
    return pairing;
  }

  @Override
  public Pacing pacing() {
    return pacing;
  }

  private boolean report(OperationKey operation, OperationStatus status, Optional<Failure> failure)
      throws InterruptedException {
    before.run();
    return record(new Report(operation, status, failure));
  }

  private synchronized boolean record(Report report) {
    tries++;
    if (cut) {
      return false;
    }
    reports.add(report);
    listener.accept(report);
    return !unanswered;
  }

  /** From now on reports arrive, but nobody says so; or they are answered again. */
  synchronized void loseAnswers(boolean lost) {
    unanswered = lost;
  }

  synchronized void cut(boolean nothingArrives) {
    cut = nothingArrives;
  }

  /** How many reports were tried, whether or not they arrived. */
  synchronized int tries() {
    return tries;
  }

  /** All reports of an operation. */
  synchronized List<Report> of(OperationKey key) {
    return reports.stream().filter(report -> report.key().equals(key)).toList();
  }

  /** What was said of an operation, repeated {@code executing} said once. */
  List<String> words(OperationKey key) {
    List<String> words = new ArrayList<>();
    for (Report report : of(key)) {
      if (words.isEmpty()
          || report.status() != OperationStatus.EXECUTING
          || !words.get(words.size() - 1).equals(report.words())) {
        words.add(report.words());
      }
    }
    return words;
  }

  /** The ends that were reported of an operation. */
  List<Report> ends(OperationKey key) {
    return of(key).stream().filter(report -> report.status() != OperationStatus.EXECUTING).toList();
  }
}
