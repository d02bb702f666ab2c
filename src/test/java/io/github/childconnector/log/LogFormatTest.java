package io.github.childconnector.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.log.Logging.LogFormat;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatTest {
  private static final LogFormat JOURNAL = LogFormat.forJournal(false);
  private static final LogFormat TERMINAL =
      LogFormat.forTerminal(false, ZoneId.of("Europe/Berlin"));

  private static LogRecord record(Level level, String message) {
    LogRecord record = new LogRecord(level, message);
    record.setInstant(Instant.parse("2026-11-20T14:04:05.123Z"));
    return record;
  }

  private static LogRecord record(Level level, String message, Throwable thrown) {
    LogRecord record = record(level, message);
    record.setThrown(thrown);
    return record;
  }

  private static IOException failure(String message) {
    IOException failure = new IOException(message);
    failure.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("a.Disk", "write", "Disk.java", 7),
          new StackTraceElement("a.Store", "keep", "Store.java", 9)
        });
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    "SEVERE,  <3>message, 2026-11-20T15:04:05.123 ERROR message",
    "WARNING, <4>message, 2026-11-20T15:04:05.123 WARN  message",
    "INFO,    <6>message, 2026-11-20T15:04:05.123 INFO  message",
    "CONFIG,  <7>message, 2026-11-20T15:04:05.123 DEBUG message",
    "FINE,    <7>message, 2026-11-20T15:04:05.123 DEBUG message",
    "FINEST,  <7>message, 2026-11-20T15:04:05.123 DEBUG message",
    "OFF,     <3>message, 2026-11-20T15:04:05.123 ERROR message"
  })
  void everyLevelHasItsMark(String level, String journal, String terminal) {
    LogRecord record = record(Level.parse(level), "message");

    assertThat(JOURNAL.format(record)).isEqualTo(journal + "\n");
    assertThat(TERMINAL.format(record)).isEqualTo(terminal + "\n");
  }

  @Test
  void whatAnAttackerNamesCannotBeginALineOrSteerATerminal() {
    String name = "1.0\n<3>forged\r\u001b[2J\t\0\u0085\u2028\u2029\u202e\ud800";

    assertThat(JOURNAL.format(record(Level.INFO, "version " + name)))
        .isEqualTo(
            "<6>version 1.0\\n<3>forged\\r\\u001b[2J\\t\\u0000\\u0085\\u2028\\u2029\\u202e\\ud800\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "北", "🚀", "\n", "<3>forged "})
  void noLineIsLongerThan4KiB(String piece) {
    String line = JOURNAL.format(record(Level.INFO, "version " + piece.repeat(20_000)));

    assertThat(line.getBytes(UTF_8).length).isBetween(4096 - 16, 4096);
    assertThat(line).startsWith("<6>version ").endsWith(" … (cut)\n").doesNotContain("\ufffd");
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
  }

  @Test
  void aLineOf4KiBIsWhole() {
    String message = "x".repeat(4096 - "<6>\n".length());

    assertThat(JOURNAL.format(record(Level.INFO, message))).isEqualTo("<6>" + message + "\n");
    assertThat(JOURNAL.format(record(Level.INFO, message + "x"))).endsWith("x … (cut)\n");
  }

  @Test
  void lettersOfAllLanguagesStay() {
    assertThat(JOURNAL.format(record(Level.INFO, "Gerät „北京“ \\o/ 🚀 $1 {0}")))
        .isEqualTo("<6>Gerät „北京“ \\o/ 🚀 $1 {0}\n");
  }

  @Test
  void parametersAreFilledIn() {
    LogRecord record = record(Level.INFO, "{0} of {1}");
    record.setParameters(new Object[] {"one", "two\n"});

    assertThat(JOURNAL.format(record)).isEqualTo("<6>one of two\\n\n");
  }

  @Test
  void aWarningNamesItsCauseInItsLine() {
    assertThat(JOURNAL.format(record(Level.WARNING, "cannot keep", failure("disk\nfull"))))
        .isEqualTo("<4>cannot keep: disk\\nfull\n");
  }

  @Test
  void aCauseWithoutWordsIsNamedByItsType() {
    Exception silent = new IllegalStateException();

    assertThat(JOURNAL.format(record(Level.WARNING, "cannot keep", silent)))
        .isEqualTo("<4>cannot keep: IllegalStateException\n");
  }

  @Test
  void anErrorHasItsStackTraceWithEveryLineMarked() {
    Exception thrown = failure("outer\n<0>forged");
    thrown.initCause(failure("inner"));

    assertThat(JOURNAL.format(record(Level.SEVERE, "cannot keep", thrown)))
        .isEqualTo(
            """
            <3>cannot keep
            <3>java.io.IOException: outer\\n<0>forged
            <3>    at a.Disk.write(Disk.java:7)
            <3>    at a.Store.keep(Store.java:9)
            <3>Caused by: java.io.IOException: inner
            <3>    at a.Disk.write(Disk.java:7)
            <3>    at a.Store.keep(Store.java:9)
            """);
  }

  @Test
  void atDebugAWarningHasItsStackTraceToo() {
    LogRecord record = record(Level.WARNING, "cannot keep", failure("full"));

    assertThat(LogFormat.forTerminal(true, ZoneId.of("UTC")).format(record))
        .isEqualTo(
            """
            2026-11-20T14:04:05.123 WARN  cannot keep
            2026-11-20T14:04:05.123 WARN  java.io.IOException: full
            2026-11-20T14:04:05.123 WARN      at a.Disk.write(Disk.java:7)
            2026-11-20T14:04:05.123 WARN      at a.Store.keep(Store.java:9)
            """);
  }

  @Test
  void causesThatGoInACircleComeToAnEnd() {
    Exception one = failure("one");
    one.initCause(new IllegalStateException("two", one));

    assertThat(JOURNAL.format(record(Level.SEVERE, "cannot keep", one)).lines())
        .hasSizeLessThan(500);
  }
}
