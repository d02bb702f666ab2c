package io.github.childconnector.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The form of a line in the log: for the journal, which adds the time itself, and for a terminal:
 *
 * <pre>
 * &lt;6&gt;Installing OpenWRT 22.03 child=plc-1 operation=tLrLthPXksKbqRqIsrDmy stage=installing
 * 2026-11-20T15:04:05.123 INFO  Installing OpenWRT 22.03 child=plc-1 operation=tLrLthPXksKbqRqI …
 * </pre>
 *
 * <p>What is logged may quote a device or a requester, so whatever could begin a new line or steer
 * a terminal is written as an escape such as {@code \n}. An exception adds its message to the line;
 * its stack trace follows, a line each, for errors and when everything is being logged.
 */
final class LogFormat extends Formatter {
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
  private static final int MAX_CAUSES = 10;

  private final Function<LogRecord, String> head;
  private final boolean traceAll;

  private LogFormat(Function<LogRecord, String> head, boolean traceAll) {
    this.head = head;
    this.traceAll = traceAll;
  }

  /** Lines for journald: the priority and no time. */
  static LogFormat forJournal(boolean traceAll) {
    return new LogFormat(record -> Severity.of(record.getLevel()).prefix(), traceAll);
  }

  /** Lines for people: the time of day in {@code zone} and the severity. */
  static LogFormat forTerminal(boolean traceAll, ZoneId zone) {
    DateTimeFormatter time =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(zone);
    return new LogFormat(
        record ->
            time.format(record.getInstant()) + " " + Severity.of(record.getLevel()).label() + " ",
        traceAll);
  }

  @Override
  public String format(LogRecord record) {
    String start = head.apply(record);
    return lines(record).stream()
        .map(line -> start + printable(line) + "\n")
        .collect(Collectors.joining());
  }

  private List<String> lines(LogRecord record) {
    String message = formatMessage(record);
    Throwable thrown = record.getThrown();
    if (thrown == null) {
      return List.of(message);
    }
    if (!traceAll && Severity.of(record.getLevel()) != Severity.ERROR) {
      return List.of(message + ": " + cause(thrown));
    }
    List<String> lines = new ArrayList<>(List.of(message));
    addTrace(lines, thrown);
    return lines;
  }

  private static String cause(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  private static void addTrace(List<String> lines, Throwable thrown) {
    String heading = "";
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
      lines.add(heading + next);
      for (StackTraceElement frame : next.getStackTrace()) {
        lines.add("    at " + frame);
      }
      heading = "Caused by: ";
      next = next.getCause();
    }
  }

  private static String printable(String text) {
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(escape(found.group().codePointAt(0))));
  }

  private static String escape(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", character);
    };
  }
}
