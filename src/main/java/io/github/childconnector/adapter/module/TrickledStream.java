package io.github.childconnector.adapter.module;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A payload that comes in drops at first, as from a slow disk, or breaks off in the middle. */
final class TrickledStream extends FilterInputStream {
  /** No power of two, so that a module sees blocks it did not reckon with. */
  private static final int DROP = 509;

  private static final int DROPS = 200;

  private final long end;
  private long position;
  private int drops;

  private TrickledStream(InputStream content, long end) {
    super(content);
    this.end = end;
  }

  /** The same payload, in drops at first. */
  static List<PayloadFile> slow(List<PayloadFile> payload) {
    return payload.stream().map(file -> trickled(file, Long.MAX_VALUE)).toList();
  }

  /** The same payload, of which only half can be read. */
  static List<PayloadFile> broken(List<PayloadFile> payload) {
    return payload.stream().map(file -> trickled(file, file.size() / 2)).toList();
  }

  private static PayloadFile trickled(PayloadFile file, long end) {
    return new PayloadFile(
        file.name(), file.size(), () -> new TrickledStream(file.source().open(), end));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int wanted = drops++ < DROPS ? Math.min(length, DROP) : length;
    int count = super.read(buffer, offset, (int) Math.min(wanted, Math.max(1, end - position)));
    position += Math.max(0, count);
    if (position > end) {
      throw new IOException("the stream broke off, as adapter-test wants it");
    }
    return count;
  }
}
