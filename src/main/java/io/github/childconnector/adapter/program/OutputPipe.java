package io.github.childconnector.adapter.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** An output of a running program; read only as far as there is something, so never blocking. */
final class OutputPipe {
  /** The most that a pipe can hold. */
  private static final int CAPACITY = 1 << 20;

  private final InputStream stream;
  private final OutputLines lines;
  private final byte[] buffer = new byte[1 << 16];

  OutputPipe(InputStream stream, OutputLines lines) {
    this.stream = stream;
    this.lines = lines;
  }

  /** Reads what is there now, up to one buffer; returns how much it was. */
  int read() {
    try {
      int available = Math.min(stream.available(), buffer.length);
      int count = available == 0 ? 0 : Math.max(0, stream.read(buffer, 0, available));
      lines.append(buffer, count);
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException("the output of a program cannot be read", e);
    }
  }

  /** Reads what the ended program left, and no more than that where a stranger still writes. */
  void readRest() {
    int left = CAPACITY;
    for (int count = read(); count > 0 && left > 0; count = read()) {
      left -= count;
    }
    lines.end();
  }
}
