package io.github.childconnector.update;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.image.FetchProgress;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Stage;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The operator's account of an operation: one line a stage change, the message first, then what it
 * is about:
 *
 * <pre>
 * Installing OpenWRT 22.03 child=plc-1 operation=tLrLthPXksKbqRqIsrDmy stage=installing
 * Installed 25 % child=plc-1 operation=tLrLthPXksKbqRqIsrDmy stage=installing
 * The update failed: digest-mismatch: … child=plc-1 operation=tLrLthPXksKbqRqIsrDmy stage=failed
 * </pre>
 */
final class EventLog {
  private static final System.Logger LOG = System.getLogger("io.github.childconnector.update");
  private static final int PERCENT_STEP = 25;

  private EventLog() {}

  static void entered(JournalEntry entry) {
    Level level = entry.stage() == Stage.FAILED ? Level.ERROR : Level.INFO;
    write(level, message(entry), entry);
  }

  /** Logs where an operation has come; of a device that stays busy, only that it is. */
  static void moved(Operation operation) {
    if (operation.isBusy() && operation.stage().status() == OperationStatus.EXECUTING) {
      write(Level.DEBUG, message(operation.entry()), operation.entry());
    } else {
      entered(operation.entry());
    }
  }

  static void takenUp(JournalEntry entry) {
    write(Level.INFO, "Taken up again after a restart", entry);
  }

  static void note(Operation operation, String message) {
    write(Level.INFO, message, operation.entry());
  }

  static void warn(Operation operation, String message) {
    write(Level.WARNING, message, operation.entry());
  }

  static void leftBehind(Operation operation) {
    note(operation, "An adapter left an interrupt behind, which is ignored");
  }

  static void fault(Operation operation, Throwable fault) {
    LOG.log(Level.ERROR, line("A fault of this program", operation.entry()), fault);
  }

  static void waiting(Operation operation, Duration grace) {
    note(
        operation,
        "The connector stops, and waits at most updates.shutdown_grace (%s) for this"
            .formatted(DurationText.write(grace)));
  }

  static void cutOff(Operation operation) {
    write(
        Level.WARNING,
        "Interrupted, because it took longer than updates.shutdown_grace; the next start asks the"
            + " device",
        operation.entry());
  }

  static void stuck() {
    LOG.log(
        Level.ERROR,
        "An adapter does not let go of its device although it was interrupted; leaving it behind");
  }

  private static void write(Level level, String message, JournalEntry entry) {
    LOG.log(level, line(message, entry));
  }

  private static String line(String message, JournalEntry entry) {
    return message + " " + entry.key() + " stage=" + entry.stage().word();
  }

  private static String message(JournalEntry entry) {
    String firmware = entry.update().map(update -> update.firmware().toString()).orElse("");
    return switch (entry.stage()) {
      case QUEUED -> "Accepted the update to " + firmware;
      case CHECKING -> "Beginning with the update to " + firmware;
      case FETCHING -> "Fetching the image of " + firmware;
      case READY -> "The image of " + firmware + " is verified";
      case INSTALLING -> "Installing " + firmware;
      case CONFIRMING -> "Confirming " + firmware + pending(entry, "; fails otherwise: ");
      case ROLLING_BACK -> "Restoring the old firmware" + pending(entry, ": ");
      case SUCCESSFUL ->
          entry
              .notice()
              .map(notice -> firmware + " was " + notice)
              .orElseGet(() -> "Updated to " + firmware);
      case FAILED -> "The update failed" + pending(entry, ": ");
    };
  }

  private static String pending(JournalEntry entry, String opening) {
    return entry.failure().map(failure -> opening + failure.reason()).orElse("");
  }

  /** Logs every quarter of a download, and what went wrong. */
  static FetchProgress fetching(Operation operation) {
    return new LoggedProgress(operation, "Fetched");
  }

  /** Logs every quarter of an installation, and what the adapter tells. */
  static Progress installing(Operation operation) {
    return new LoggedProgress(operation, "Installed");
  }

  private static final class LoggedProgress implements FetchProgress, Progress {
    private final Operation operation;
    private final String verb;
    private int last;

    private LoggedProgress(Operation operation, String verb) {
      this.operation = operation;
      this.verb = verb;
    }

    @Override
    public void bytes(long done, OptionalLong total) {
      if (total.isPresent() && total.getAsLong() > 0) {
        percent((int) (100 * done / total.getAsLong()));
      }
    }

    @Override
    public void trouble(String what) {
      write(Level.WARNING, what, operation.entry());
    }

    @Override
    public void percent(int percent) {
      if (isNews(percent)) {
        note(operation, verb + " " + (percent - percent % PERCENT_STEP) + " %");
      }
    }

    /** Whether another quarter is done; remembers that. */
    private synchronized boolean isNews(int percent) {
      boolean isOther = percent >= last + PERCENT_STEP || percent < last;
      last = isOther ? percent - percent % PERCENT_STEP : last;
      return isOther && last > 0;
    }

    @Override
    public void step(Step step) {
      note(operation, "Step " + step.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void message(String text) {
      note(operation, "The adapter says: " + text);
    }
  }

  static Failure internal(Throwable fault) {
    return new Failure(
        FailureCode.INTERNAL_ERROR,
        "A fault of the connector (" + fault + "). Its log has the details; please report it.");
  }
}
