package io.github.childconnector.simulation;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Takes what the program logs, and makes a problem of each fault: those of its own are caught and
 * logged by the program, so that it goes on.
 */
final class ErrorLog extends Handler implements AutoCloseable {
  private final Logger log = Logger.getLogger("io.github.childconnector");
  private final SimpleFormatter formatter = new SimpleFormatter();

  private ErrorLog() {}

  /** Takes it until this is closed. */
  static ErrorLog open() {
    ErrorLog errors = new ErrorLog();
    errors.log.setLevel(Level.SEVERE);
    errors.log.setUseParentHandlers(false);
    errors.log.addHandler(errors);
    return errors;
  }

  @Override
  public void publish(LogRecord entry) {
    boolean isFault = entry.getThrown() != null;
    if (isFault && Thread.currentThread() instanceof Carriers.Carrier carrier) {
      carrier.report(formatter.formatMessage(entry), entry.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    log.removeHandler(this);
    log.setUseParentHandlers(true);
    log.setLevel(null);
  }
}
