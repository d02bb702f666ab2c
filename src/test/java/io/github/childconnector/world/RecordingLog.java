package io.github.childconnector.world;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Remembers what one class logs, which then goes nowhere else, until it is closed. */
public final class RecordingLog extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> lines = new ArrayList<>();

  private RecordingLog(Logger logger) {
    this.logger = logger;
  }

  /** Begins to record everything from INFO upwards. */
  public static RecordingLog of(Class<?> logging) {
    return of(logging.getName());
  }

  /** The same for a class that the test cannot see. */
  public static RecordingLog of(String name) {
    RecordingLog log = new RecordingLog(Logger.getLogger(name));
    log.logger.setUseParentHandlers(false);
    log.logger.addHandler(log);
    return log;
  }

  /** The lines so far, for example {@code WARNING cannot keep: disk full}. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public synchronized void publish(LogRecord record) {
    Throwable thrown = record.getThrown();
    String cause = thrown == null ? "" : ": " + thrown.getMessage();
    if (record.getLevel().intValue() >= Level.INFO.intValue()) {
      lines.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record) + cause);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
