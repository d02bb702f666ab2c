package io.github.childconnector.log;

import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

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
      useUtf8();
    }

    private void useUtf8() {
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
}
