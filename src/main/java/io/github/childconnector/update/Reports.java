package io.github.childconnector.update;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.update.Report.State;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The reports that are not quiet, each in its state, in the order in which they became owed. Lets
 * no report enter a state that {@link State} does not list as a follower of the one before.
 */
final class Reports {
  private static final System.Logger LOG = System.getLogger(Reports.class.getName());

  private final Map<OperationKey, Report> reports = new LinkedHashMap<>();

  /** The report as it stands now; quiet if it is not kept. */
  synchronized Report latest(Report report) {
    return reports.getOrDefault(report.key(), report.in(State.QUIET));
  }

  /** The reports in states of this kind. */
  synchronized List<Report> those(Predicate<State> kind) {
    return reports.values().stream().filter(report -> kind.test(report.state())).toList();
  }

  /** Keeps that an operation is to be announced; returns whether nothing is due of it yet. */
  boolean announce(Report announced) {
    boolean isFirst = putIfQuiet(announced);
    if (isFirst) {
      log(State.QUIET, State.ANNOUNCED, announced);
    }
    return isFirst;
  }

  private synchronized boolean putIfQuiet(Report announced) {
    boolean isQuiet = latest(announced).state() == State.QUIET;
    if (isQuiet) {
      put(State.ANNOUNCED, announced);
    }
    return isQuiet;
  }

  /**
   * Keeps a report in its next state, and logs that outside the monitor, which timers take too.
   *
   * @throws IllegalStateException the table does not list the next state as a follower
   */
  Report enter(State next, Report report) {
    log(put(next, report), next, report);
    return report.in(next);
  }

  /** Returns the state before. */
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
}
