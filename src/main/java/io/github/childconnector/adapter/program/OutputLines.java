package io.github.childconnector.adapter.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * An output of a running program: read only as far as there is something, so never blocking, and
 * cut into lines that may be logged, in constant memory whatever the program writes.
 *
 * <p>A line ends with a line feed or a carriage return, as progress bars use it. It is read as
 * UTF-8, with a replacement for what is not; colours and control characters are removed; beyond
 * {@value #LIMIT} bytes it is cut. Empty lines are left out.
 */
final class OutputLines {
  static final int LIMIT = 4096;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\u2028\u2029]+");

  /** The most that a pipe can hold. */
  private static final int CAPACITY = 1 << 20;

  private final InputStream pipe;
  private final Consumer<String> receiver;
  private final byte[] buffer = new byte[1 << 16];
  private final byte[] line = new byte[LIMIT];
  private int length;
  private boolean cut;

  OutputLines(InputStream pipe, Consumer<String> receiver) {
    this.pipe = pipe;
    this.receiver = receiver;
  }

  /** Reads what is there now, up to one buffer; returns how much it was. */
  int read() {
    try {
      int available = Math.min(pipe.available(), buffer.length);
      int count = available == 0 ? 0 : Math.max(0, pipe.read(buffer, 0, available));
      append(buffer, count);
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException("the output of a program cannot be read", e);
    }
  }

  /** Reads what the ended program left, and no more than that where a stranger still writes. */
  int readRest() {
    int rest = 0;
    for (int count = read(); count > 0 && rest < CAPACITY; count = read()) {
      rest += count;
    }
    end();
    return rest;
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
