package io.github.childconnector.adapter.program;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Cuts what a program writes into lines that may be logged, in constant memory whatever it writes.
 *
 * <p>A line ends with a line feed or a carriage return, as progress bars use it. It is read as
 * UTF-8, with a replacement for what is not; colours and control characters are removed; beyond
 * {@value #LIMIT} bytes it is cut. Empty lines are left out.
 */
final class OutputLines {
  static final int LIMIT = 4096;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\u2028\u2029]+");

  private final Consumer<String> receiver;
  private final byte[] line = new byte[LIMIT];
  private int length;
  private boolean cut;

  OutputLines(Consumer<String> receiver) {
    this.receiver = receiver;
  }

  /** Takes the first {@code count} of these bytes. */
  void append(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      append(bytes[i]);
    }
  }

  private void append(byte next) {
    if (next == '\n' || next == '\r') {
      end();
    } else if (length < LIMIT) {
      line[length++] = next;
    } else {
      cut = true;
    }
  }

  /** Ends the line that has begun, if one has. */
  void end() {
    String text = clean(new String(line, 0, length, StandardCharsets.UTF_8)) + (cut ? "…" : "");
    length = 0;
    cut = false;
    if (!text.isEmpty()) {
      receiver.accept(text);
    }
  }

  private static String clean(String text) {
    return CONTROLS.matcher(COLOURS.matcher(text).replaceAll("")).replaceAll(" ").strip();
  }
}
