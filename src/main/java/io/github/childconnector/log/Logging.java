package io.github.childconnector.log;

import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.stream.Collectors;

/**
 * Sets up java.util.logging, to which System.Logger writes: everything to standard error, for the
 * journal where the environment has {@code JOURNAL_STREAM}, and as much as {@code
 * TEDGE_CHILD_CONNECTOR_LOG} ({@code error}, {@code warning}, {@code info} or {@code debug}) says.
 */
public final class Logging {
  private static final String PROGRAM = "io.github.childconnector";
  private static final String LEVEL_VARIABLE = "TEDGE_CHILD_CONNECTOR_LOG";

  private Logging() {}

  /**
   * Sets up the log; called once, before anything is logged.
   *
   * @param byDefault how much to log where the environment does not say
   */
  public static void configure(Map<String, String> environment, Severity byDefault) {
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    Optional<String> wish = Optional.ofNullable(environment.get(LEVEL_VARIABLE));
    Severity least = wish.flatMap(Severity::named).orElse(byDefault);
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(handler(environment.containsKey("JOURNAL_STREAM"), least));
    wish.filter(word -> Severity.named(word).isEmpty()).ifPresent(Logging::complain);
  }

  private static Handler handler(boolean isJournal, Severity least) {
    boolean traceAll = least == Severity.DEBUG;
    LogFormat format =
        isJournal
            ? LogFormat.forJournal(traceAll)
            : LogFormat.forTerminal(traceAll, ZoneId.systemDefault());
    // Libraries' own details are of no use to an operator, however much is logged of ours.
    Level libraries = traceAll ? Level.INFO : least.level();
    return new LineHandler(
        System.err,
        format,
        List.of(
            limited("", libraries),
            limited(PROGRAM, least.level()),
            // It prints a stack trace for every broken connection; the link tells of those itself.
            limited("org.eclipse.paho", Level.OFF)));
  }

  private static Logger limited(String name, Level level) {
    Logger logger = Logger.getLogger(name);
    logger.setLevel(level);
    return logger;
  }

  private static void complain(String word) {
    System.getLogger(Logging.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "{0}={1} is ignored; use error, warning, info or debug",
            LEVEL_VARIABLE,
            word);
  }

  /** Writes each line out at once, and outlives every attempt to close it. */
  private static final class LineHandler extends StreamHandler {
    /** A logger that nobody refers to is collected, and its level with it. */
    @SuppressWarnings("unused")
    private final List<Logger> kept;

    LineHandler(OutputStream out, LogFormat format, List<Logger> kept) {
      super(out, format);
      this.kept = kept;
      setLevel(Level.ALL);
      try {
        setEncoding(StandardCharsets.UTF_8.name());
      } catch (UnsupportedEncodingException e) {
        throw new AssertionError("every Java has UTF-8", e);
      }
    }

    @Override
    public synchronized void publish(LogRecord record) {
      super.publish(record);
      flush();
    }

    @Override
    public synchronized void close() {
      flush();
    }
  }

  /**
   * Keeps the log open to the very end. The JDK's own manager closes it as soon as a shutdown
   * begins, so that nothing of an orderly stop could be read. Public because java.util.logging
   * makes it.
   */
  public static final class LastingLogManager extends LogManager {
    /** Made by java.util.logging. */
    public LastingLogManager() {}

    /** Does nothing. */
    @Override
    public void reset() {}
  }

  /**
   * The form of a line in the log: for the journal, which adds the time itself, and for a terminal:
   *
   * <pre>
   * &lt;6&gt;Installing OpenWRT 22.03 child=plc-1 operation=tLrLthPXksKbqRqIsrDmy stage=installing
   * 2026-11-20T15:04:05.123 INFO  Installing OpenWRT 22.03 child=plc-1 operation=tLrLthPXksKbqRqI …
   * </pre>
   *
   * <p>What is logged may quote a device or a requester, so whatever could begin a new line or
   * steer a terminal is written as an escape such as {@code \n}. An exception adds its message to
   * the line; its stack trace follows, a line each, for errors and when everything is being logged.
   */
  static final class LogFormat extends Formatter {
    private static final int MAX_CAUSES = 10;

    /**
     * Bytes of a line with its end. journald splits lines of 48 KiB and more, and would obey a
     * priority that the rest begins with; and nobody reads so long a line.
     */
    static final int MAX_LINE = 4096;

    private static final String CUT = " … (cut)";

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
          .map(line -> cut(start + Printable.line(line)) + "\n")
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

    /** Cuts a line visibly where it is longer than {@link #MAX_LINE}, between two characters. */
    private static String cut(String line) {
      if (bytes(line) < MAX_LINE) {
        return line;
      }
      int room = MAX_LINE - 1 - bytes(CUT);
      int end = 0;
      while (true) {
        int character = line.codePointAt(end);
        room -= bytes(Character.toString(character));
        if (room < 0) {
          return line.substring(0, end) + CUT;
        }
        end += Character.charCount(character);
      }
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
