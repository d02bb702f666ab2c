package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.update.Report.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final Logger LOGGER = Logger.getLogger(Reports.class.getName());

  private final Reports reports = new Reports();
  private final Report report = report("op");
  private final List<Boolean> inTheMonitor = new ArrayList<>();
  private final Handler noting = new Noting();

  /** Notes for each line whether it is logged while others wait for the monitor. */
  private final class Noting extends Handler {
    @Override
    public void publish(LogRecord line) {
      inTheMonitor.add(Thread.holdsLock(reports));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Report report(String id) {
    return new Report(
        State.QUIET,
        JournalEntry.accepted(Engine.update(Engine.key(id), "2.0"), 1, Instant.EPOCH),
        0);
  }

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.setLevel(Level.FINE);
    LOGGER.addHandler(noting);
  }

  @AfterEach
  void listenNoMore() {
    LOGGER.removeHandler(noting);
    LOGGER.setLevel(null);
    LOGGER.setUseParentHandlers(true);
  }

  /** The thread of all timers takes the monitor too, and a log may be slow. */
  @Test
  void nothingIsLoggedInTheMonitor() {
    assertThat(reports.announce(report)).isTrue();
    assertThat(reports.announce(report)).isFalse();
    reports.enter(State.OWED, report);
    assertThat(inTheMonitor).containsExactly(false, false);
  }

  @Test
  void whatTheTableDoesNotListIsRefusedAndChangesNothing() {
    assertThatThrownBy(() -> reports.enter(State.TOLD, report))
        .hasMessage("A report cannot go from QUIET to TOLD " + report.key());
    assertThat(reports.latest(report).state()).isEqualTo(State.QUIET);
    assertThat(inTheMonitor).isEmpty();
  }

  @Test
  void theyAreKeptInTheOrderInWhichTheyBecameOwed() {
    Report other = report("other");
    reports.announce(other);
    reports.enter(State.OWED, report);
    reports.enter(State.OWED, other);
    reports.enter(State.OWED, report);
    assertThat(reports.those(State::isOwed))
        .extracting(Report::key)
        .containsExactly(report.key(), other.key());
  }
}
