package io.github.childconnector.cli;

import io.github.childconnector.disk.SizeText;
import io.github.childconnector.log.Printable;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The operator's view of a request: a line for each thing that happens, and how far the image is
 * fetched; as a bar on a terminal, elsewhere as a line for each quarter.
 *
 * <pre>
 * 15:04:05 executing
 *   [==============>               ]  47 % of 29.3 MiB
 * 15:04:09 image fetched, 29.3 MiB
 * 15:04:20 successful
 * </pre>
 */
final class RequestDisplay {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final int BAR = 30;

  private final PrintWriter out;
  private final Style style;
  private final long size;
  private int shownPercent = -1;

  /**
   * The look of a display.
   *
   * @param isTerminal whether a line can be rewritten
   * @param time the time of day
   */
  record Style(boolean isTerminal, Clock time) {

    /**
     * The style that suits the console, if this process has one; Java 17 and 25 answer null if not.
     */
    @SuppressWarnings("SystemConsoleNull")
    static Style ofProcess() {
      return new Style(System.console() != null, Clock.system(ZoneId.systemDefault()));
    }
  }

  /** A display for a request with an image of {@code size} bytes. */
  RequestDisplay(PrintWriter out, Style style, long size) {
    this.out = out;
    this.style = style;
    this.size = size;
  }

  synchronized void line(String text) {
    out.println(
        (style.isTerminal ? ERASE_LINE : "")
            + TIME.format(LocalTime.now(style.time))
            + " "
            + Printable.line(text));
    out.flush();
  }

  /** Shows how many bytes of the image have been fetched; less than before is a new fetch. */
  synchronized void fetched(long bytes) {
    int percent = size == 0 ? 100 : (int) Math.min(100, bytes * 100 / size);
    int step = style.isTerminal ? percent : percent / 25 * 25;
    if (step == shownPercent) {
      return;
    }
    shownPercent = step;
    if (step == 100) {
      line("image fetched, " + SizeText.of(size));
    } else if (style.isTerminal) {
      showBar(percent);
    } else if (step > 0) {
      line("image fetched to " + step + " %");
    }
  }

  private void showBar(int percent) {
    int full = percent * BAR / 100;
    out.print(
        ERASE_LINE
            + "  ["
            + "=".repeat(full)
            + ">"
            + " ".repeat(BAR - 1 - full)
            + String.format(Locale.ROOT, "] %3d %% of %s", percent, SizeText.of(size)));
    out.flush();
  }
}
