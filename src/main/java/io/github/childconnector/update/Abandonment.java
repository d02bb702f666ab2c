package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Failure;

/**
 * The end of an operation whose child was removed from the configuration while it was under way.
 */
final class Abandonment {
  private Abandonment() {}

  /**
   * Tells how far it was, and what that means for the device.
   *
   * @param why what keeps anybody from going on with it
   */
  static Failure failure(JournalEntry entry, Failure why) {
    String firmware = entry.update().map(update -> update.firmware().toString()).orElse("firmware");
    Failure whole = why.with("When the connector stopped, " + story(entry).formatted(firmware));
    return entry
        .failure()
        .map(earlier -> whole.with("Before that: " + earlier.sentence()))
        .orElse(whole);
  }

  private static String story(JournalEntry entry) {
    return switch (entry.stage()) {
      case INSTALLING ->
          "%s was being installed on it: check the device, which may have half of it.";
      case CONFIRMING -> "%s was installed on it and not confirmed: check which version it runs.";
      case ROLLING_BACK ->
          "its old firmware was being restored after %s had failed: check the device.";
      default -> "%s was not installed on it yet, and the device was not touched.";
    };
  }
}
