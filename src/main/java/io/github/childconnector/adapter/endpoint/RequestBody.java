package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.adapter.endpoint.RequestHead.Lines;
import io.github.childconnector.adapter.endpoint.RequestHead.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request, which ends where the request does: one length, or chunks of RFC 9112 with
 * a length each. Closing it leaves the connection open.
 */
final class RequestBody extends InputStream {
  private static final int MOST_DIGITS = 15;

  private final InputStream from;
  private final boolean isChunked;

  /** Bytes until the end of the body or of the chunk. */
  private long left;

  private boolean isOver;
  private boolean isFirst = true;
  private Asking asking = () -> {};

  /** Asks for the body, where it only comes if it is asked for. */
  interface Asking {
    void ask() throws IOException;
  }

  private RequestBody(InputStream from, long left, boolean isChunked) {
    this.from = from;
    this.left = left;
    this.isChunked = isChunked;
    this.isOver = !isChunked && left == 0;
  }

  static RequestBody ofLength(InputStream from, long length) {
    return new RequestBody(from, length, false);
  }

  static RequestBody ofChunks(InputStream from) {
    return new RequestBody(from, 0, true);
  }

  /** Has this done before the first byte is read. */
  void onFirst(Asking first) {
    asking = first;
  }

  /** Whether nothing has been read yet of what was to come. */
  boolean isUntouched() {
    return isFirst && !isOver;
  }

  /** Whether all of it has been read. */
  boolean isOver() {
    return isOver;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (isUntouched()) {
      isFirst = false;
      asking.ask();
    }
    if (isChunked && left == 0 && !isOver) {
      nextChunk();
    }
    if (isOver) {
      return -1;
    }
    int read = from.read(to, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("the connection ended within a request");
    }
    take(read);
    return read;
  }

  private void take(int read) throws IOException {
    left -= read;
    if (left == 0 && isChunked && !new Lines(from).next().isEmpty()) {
      throw new MalformedException("a chunk is longer than it says");
    }
    isOver = left == 0 && !isChunked;
  }

  private void nextChunk() throws IOException {
    String size = new Lines(from).next().split(";", 2)[0].strip();
    if (!size.matches("[0-9A-Fa-f]{1," + MOST_DIGITS + "}")) {
      throw new MalformedException("a chunk has no length");
    }
    left = Long.parseLong(size, 16);
    if (left == 0) {
      skipTrailers();
    }
  }

  private void skipTrailers() throws IOException {
    Lines trailers = new Lines(from);
    while (!trailers.next().isEmpty()) {
      // nobody needs them
    }
    isOver = true;
  }
}
