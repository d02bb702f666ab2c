package io.github.childconnector.update;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Report.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ways of a report, which together go along every line of the table of {@link Report.State}.
 */
@Timeout(300)
class ReporterTest {
  private static final Path SOURCE =
      Path.of("src/main/java/io/github/childconnector/update/Report.java");
  private static final List<Logger> LOGGERS =
      Stream.of(Reporter.class, ReporterThread.class, Reports.class)
          .map(logging -> Logger.getLogger(logging.getName()))
          .toList();
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final OperationKey KEY = Engine.key("op");
  private static final OperationKey OTHER = Engine.key("other");
  private static final OperationKey HELD = Engine.key("held");
  private static final OperationKey LAST = Engine.key("last");

  private final FakeClock clock = FakeClock.standing();
  private final BrokenDisk disk = new BrokenDisk(new FakeDisk());
  private final Journal journal =
      new Journal(Path.of("/operations"), disk, InstantSource.fixed(NOW));
  private final PlayedSink sink = new PlayedSink();
  private final RecordedPath path = new RecordedPath();
  private final Set<OperationKey> underWay = ConcurrentHashMap.newKeySet();
  private final JournalEntry end = ended(KEY);
  private final Ports ports =
      new Ports(journal, new ScriptedImages(), List.of(sink), clock, InstantSource.fixed(NOW));
  private final Recorder recorder = new Recorder(ports);
  private final Reporter reporter = new Reporter(ports, recorder, underWay::contains);

  /** Remembers what it is told, and does with it what its test says. */
  private final class PlayedSink implements Requester {
    private final List<String> words = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final List<OperationKey> keys = new ArrayList<>();
    private final Semaphore mayGoOn = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private volatile boolean certain = true;
    private volatile boolean faulty;

    @Override
    public String name() {
      return Request.LEGACY;
    }

    @Override
    public boolean executing(OperationKey operation) throws InterruptedException {
      if (operation.equals(HELD)) {
        mayGoOn.acquire();
      } else if (operation.equals(LAST)) {
        done.release();
      } else {
        words.add("executing");
      }
      return true;
    }

    @Override
    public boolean ended(OperationKey operation, Outcome outcome) {
      ends.add(clock.nanoTime());
      keys.add(operation);
      words.add(outcome.status().word());
      if (faulty) {
        throw new IllegalStateException("for the test");
      }
      return certain;
    }
  }

  /** The states that a report went through, as the log has them. */
  private static final class RecordedPath extends Handler {
    private final List<String> states = new ArrayList<>(List.of("quiet"));
    private int faults;

    @Override
    public synchronized void publish(LogRecord line) {
      if (line.getLevel().equals(Level.SEVERE)) {
        faults++;
      }
      Object[] values = Optional.ofNullable(line.getParameters()).orElse(new Object[0]);
      if (values.length == 3) {
        states.add(values[1].toString().toLowerCase(Locale.ROOT));
      }
    }

    private synchronized String text() {
      return String.join(" ", states);
    }

    private synchronized int faults() {
      return faults;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private interface Script {
    void play(ReporterTest test) throws Exception;
  }

  /**
   * A way of a report.
   *
   * @param path the states it goes through
   * @param words what the sink is told
   * @param script how that comes
   */
  private record Way(String name, String path, String words, Script script) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way(
              "is under way",
              "quiet announced quiet",
              "executing",
              test -> {
                test.underWay.add(KEY);
                test.announce();
              }),
          new Way(
              "is announced once by a slow sink",
              "quiet announced quiet",
              "executing",
              test -> {
                test.underWay.add(KEY);
                test.hold();
                test.announce();
                test.announce();
                test.goOn();
              }),
          new Way(
              "has ended",
              "quiet owed told fresh quiet",
              "successful",
              test -> {
                test.end();
                test.settle();
              }),
          new Way(
              "has ended before it was announced",
              "quiet announced owed told fresh",
              "successful",
              test -> {
                test.hold();
                test.end();
                test.announce();
                test.goOn();
              }),
          new Way(
              "may have been told by an earlier process",
              "quiet waiting owed told fresh",
              "successful",
              test -> {
                test.askAgain();
                test.awaitReporter();
                assertThat(test.sink.words).isEmpty();
                test.settle();
              }),
          new Way(
              "may have been told before it was announced",
              "quiet announced waiting",
              "",
              test -> {
                test.hold();
                test.askAgain();
                test.announce();
                test.goOn();
              }),
          new Way(
              "is told in vain",
              "quiet owed doubtful owed owed told fresh",
              "successful successful",
              test -> {
                test.endInVain();
                test.settle();
                test.retry();
              }),
          new Way(
              "is retried too soon",
              "quiet owed doubtful waiting waiting owed told fresh",
              "successful successful",
              test -> {
                test.endInVain();
                test.retry();
                test.retry();
                test.settle();
              }),
          new Way(
              "meets a fault and is asked for",
              "quiet owed waiting owed told fresh",
              "successful successful",
              test -> {
                test.endWithAFault();
                test.askAgain();
                test.settle();
              }),
          new Way(
              "meets a full disk",
              "quiet owed told unnoted quiet",
              "successful",
              test -> {
                test.endOnAFullDisk();
                test.settle();
                test.retry();
                test.disk.repair();
                test.retry();
              }),
          new Way(
              "is noted while it settles",
              "quiet owed told fresh quiet",
              "successful",
              test -> {
                test.endOnAFullDisk();
                test.disk.repair();
                test.retry();
                test.settle();
              }),
          new Way(
              "is asked for while the disk is full",
              "quiet owed told waiting owed told fresh",
              "successful successful",
              test -> {
                test.endOnAFullDisk();
                test.askAgain();
                test.disk.repair();
                test.settle();
              }),
          new Way(
              "is asked for long after the disk was full",
              "quiet owed told unnoted owed told fresh",
              "successful successful",
              test -> {
                test.endOnAFullDisk();
                test.settle();
                test.disk.repair();
                test.askAgain();
              }),
          new Way(
              "is told just before the link breaks",
              "quiet owed told fresh waiting owed told fresh",
              "successful successful",
              test -> {
                test.end();
                test.loseTheLink();
                assertThat(test.isReported()).isFalse();
                test.settle();
              }),
          new Way(
              "is told long before the link breaks",
              "quiet owed told fresh quiet",
              "successful",
              test -> {
                test.end();
                test.settle();
                test.loseTheLink();
                test.settle();
              }),
          new Way(
              "is asked for again and again",
              "quiet owed told fresh waiting waiting owed told fresh waiting owed told fresh",
              "successful successful successful",
              test -> {
                test.end();
                test.askAgain();
                test.askAgain();
                test.settle();
                test.askAgain();
                test.settle();
              }));

  private static JournalEntry ended(OperationKey key) {
    return JournalEntry.accepted(Engine.update(key, "2.0"), 1, NOW)
        .enter(Stage.CHECKING, Optional.empty(), NOW)
        .enter(Stage.SUCCESSFUL, Optional.empty(), NOW);
  }

  ReporterTest() throws IOException {
    journal.open(List.of());
    journal.write(end);
  }

  @BeforeEach
  void start() {
    path.setLevel(Level.FINE);
    for (Logger logger : LOGGERS) {
      logger.setUseParentHandlers(false);
      logger.setLevel(Level.FINE);
      logger.addHandler(path);
    }
    reporter.start();
  }

  @AfterEach
  void stop() {
    reporter.close();
    for (Logger logger : LOGGERS) {
      logger.removeHandler(path);
      logger.setLevel(null);
      logger.setUseParentHandlers(true);
    }
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** The reporter does nothing of what it is asked for, until {@link #goOn}. */
  private void hold() {
    reporter.begun(Engine.operation(HELD, clock));
  }

  private void goOn() {
    sink.mayGoOn.release();
  }

  private void announce() {
    reporter.executing(Engine.operation(KEY, clock));
  }

  private void end() {
    reporter.ended(Report.of(end));
  }

  private void endInVain() throws InterruptedException {
    sink.certain = false;
    end();
    awaitReporter();
    sink.certain = true;
  }

  private void endWithAFault() throws InterruptedException {
    sink.faulty = true;
    end();
    awaitReporter();
    sink.faulty = false;
  }

  private void endOnAFullDisk() throws InterruptedException {
    disk.breakAfter(0);
    end();
    awaitReporter();
  }

  private void askAgain() throws InterruptedException {
    reporter.endedEarlier(
        recorder.lookUp(KEY, new Request(Request.LEGACY, KEY)).end().orElseThrow());
  }

  private void retry() throws InterruptedException {
    reporter.retry();
    awaitReporter();
  }

  private void loseTheLink() throws InterruptedException {
    reporter.linkLost();
    awaitReporter();
  }

  private void settle() throws InterruptedException {
    awaitReporter();
    clock.advance(Reporter.SETTLING);
    awaitReporter();
  }

  private void awaitReporter() throws InterruptedException {
    reporter.begun(Engine.operation(LAST, clock));
    sink.done.acquire();
  }

  private boolean isReported() throws IOException {
    return journal.find(KEY).orElseThrow().reported();
  }

  private static List<Way> ways() {
    return WAYS;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aReportGoesItsWay(Way way) throws Exception {
    way.script.play(this);
    awaitReporter();
    assertThat(path.text()).isEqualTo(way.path);
    assertThat(path.faults()).isEqualTo(way.name.contains("fault") ? 1 : 0);
    assertThat(String.join(" ", sink.words)).isEqualTo(way.words);
    assertThat(isReported()).isEqualTo(way.path.matches(".*(fresh|quiet)") && !sink.ends.isEmpty());
    for (int i = 1; i < sink.ends.size(); i++) {
      assertThat(sink.ends.get(i) - sink.ends.get(i - 1))
          .isGreaterThanOrEqualTo(Reporter.SETTLING.toNanos());
    }
  }

  @Test
  void endsAreToldAgainInTheOrderInWhichTheyBecameOwed() throws Exception {
    end();
    awaitReporter();
    sink.certain = false;
    reporter.ended(Report.of(ended(OTHER)));
    askAgain();
    settle();
    settle();
    retry();
    assertThat(sink.keys).containsExactly(KEY, OTHER, KEY, OTHER, KEY);
  }

  @Test
  void aFullDiskIsTriedOnceAtARetry() throws Exception {
    endOnAFullDisk();
    settle();
    int before = disk.uses();
    retry();
    int ofOne = disk.uses() - before;
    reporter.ended(Report.of(ended(OTHER)));
    settle();
    before = disk.uses();
    retry();
    assertThat(disk.uses() - before).isEqualTo(ofOne).isPositive();
  }

  @Test
  void theWaysGoAlongEveryLineOfTheTable() {
    Set<String> gone = new TreeSet<>();
    for (Way way : WAYS) {
      String[] states = way.path.split(" ", -1);
      for (int i = 1; i < states.length; i++) {
        gone.add(states[i - 1] + " " + states[i]);
      }
    }
    Set<String> listed = new TreeSet<>();
    for (State state : State.values()) {
      state.followers().forEach(next -> listed.add(word(state) + " " + word(next)));
    }
    assertThat(gone).isEqualTo(listed);
  }

  /** The row of the table in the type's documentation that describes a state. */
  private static String row(State state) {
    return String.join(
        "|",
        word(state),
        state.followers().stream().map(ReporterTest::word).collect(joining(", ")),
        yesOrNo(state.isSettling()),
        yesOrNo(state.isOwed()),
        yesOrNo(state.isToNote()));
  }

  private static String yesOrNo(boolean is) {
    return is ? "yes" : "no";
  }

  @Test
  void documentationShowsTheTable() throws IOException {
    List<String> documented =
        Pattern.compile(
                "^ {3}\\* ([a-z]+) {2,}([a-z, ]+?) {2,}(yes|no) +(yes|no) +(yes|no)$",
                Pattern.MULTILINE)
            .matcher(Files.readString(SOURCE))
            .results()
            .map(
                row ->
                    String.join(
                        "|", row.group(1), row.group(2), row.group(3), row.group(4), row.group(5)))
            .toList();
    assertThat(documented).isEqualTo(Arrays.stream(State.values()).map(ReporterTest::row).toList());
  }
}
