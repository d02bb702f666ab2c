package io.github.childconnector.adapter.endpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultClassicHttpRequestFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseWriter;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicLineParser;

/** HTTP/1.1 on the streams of a connection (RFC 9112): requests come in, and answers go out. */
final class HttpStreams {
  /**
   * The bytes of a head: several times those of any device, and little enough for all connections
   * of strangers at the same time.
   */
  static final int LARGEST_HEAD = 16 << 10;

  /** Each header takes more memory than its text. */
  static final int MOST_HEADERS = 64;

  private static final int BUFFER = 2 << 10;

  private static final Http1Config BOUNDS =
      Http1Config.custom()
          .setMaxLineLength(LARGEST_HEAD)
          .setMaxHeaderCount(MOST_HEADERS + 1)
          .setMaxEmptyLineCount(1)
          .build();

  private final InputStream in;
  private final OutputStream out;
  private final SessionInputBufferImpl coming = new SessionInputBufferImpl(BUFFER, LARGEST_HEAD);
  private final SessionOutputBufferImpl going = new SessionOutputBufferImpl(BUFFER);
  private final DefaultHttpRequestParser parser =
      new DefaultHttpRequestParser(
          BOUNDS, BasicLineParser.INSTANCE, DefaultClassicHttpRequestFactory.INSTANCE);
  private final DefaultHttpResponseWriter writer = new DefaultHttpResponseWriter();

  /** Bytes that are no request; they are answered with 400. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }

  HttpStreams(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Waits until a request begins to come; returns whether one does, or else all is over. */
  boolean awaitRequest() throws IOException {
    return coming.hasBufferedData() || coming.fillBuffer(in) >= 0;
  }

  /**
   * Reads the head of a request.
   *
   * @throws MalformedException it is none, or longer than the bounds
   */
  DeviceRequest read(DeviceRequest.Visitor visitor) throws IOException {
    try {
      ClassicHttpRequest head = parser.parse(coming, new HeadBytes(in));
      return new DeviceRequest(head, target(head), body(head), this, visitor);
    } catch (HttpException | URISyntaxException | MessageConstraintException e) {
      throw new MalformedException(e);
    }
  }

  private static URI target(ClassicHttpRequest head) throws URISyntaxException {
    URI target = new URI(head.getRequestUri());
    if (target.getRawPath() == null) {
      throw new URISyntaxException(head.getRequestUri(), "there is no path");
    }
    return target;
  }

  private Body body(ClassicHttpRequest head) throws HttpException {
    long length = DefaultContentLengthStrategy.INSTANCE.determineLength(head);
    boolean isChunked = length == ContentLengthStrategy.CHUNKED;
    if (isChunked && head.containsHeader(HttpHeaders.CONTENT_LENGTH)) {
      throw new ProtocolException("Its length is told in two ways");
    }
    InputStream bytes =
        isChunked
            ? new ChunkedInputStream(coming, in, BOUNDS)
            : new ContentLengthInputStream(coming, in, Math.max(0, length));
    Optional<Header> expected = Optional.ofNullable(head.getFirstHeader(HttpHeaders.EXPECT));
    return new Body(bytes, expected.isPresent());
  }

  /** Begins an answer. */
  void write(ClassicHttpResponse head) throws IOException {
    try {
      writer.write(head, going, out);
    } catch (HttpException e) {
      throw new IllegalStateException("the answer cannot be written", e);
    }
  }

  /** Goes on with an answer. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    going.write(bytes, offset, length, out);
  }

  /** Sends what has been written. */
  void flush() throws IOException {
    going.flush(out);
  }

  /** Answers what is no request. */
  void refuse() throws IOException {
    ClassicHttpResponse head = new BasicClassicHttpResponse(HttpStatus.SC_BAD_REQUEST);
    head.setHeader(HttpHeaders.CONTENT_LENGTH, 0);
    head.setHeader(HttpHeaders.CONNECTION, "close");
    write(head);
    flush();
  }

  /** Bytes of a head, of which a limited number may come. */
  private static final class HeadBytes extends FilterInputStream {
    private int left = LARGEST_HEAD;

    private HeadBytes(InputStream from) {
      super(from);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = super.read(to, offset, length);
      left -= read;
      if (left < 0) {
        throw new MessageConstraintException("The head has more than " + LARGEST_HEAD + " bytes");
      }
      return read;
    }
  }

  /** The body of a request. Closing it reads nothing more, and leaves the connection open. */
  final class Body extends FilterInputStream {
    private boolean isAwaitingWord;

    private Body(InputStream bytes, boolean isAwaitingWord) {
      super(bytes);
      this.isAwaitingWord = isAwaitingWord;
    }

    /** Whether it only comes if it is asked for, which is done by reading it. */
    boolean isAwaitingWord() {
      return isAwaitingWord;
    }

    private void ask() throws IOException {
      if (isAwaitingWord) {
        isAwaitingWord = false;
        HttpStreams.this.write(new BasicClassicHttpResponse(HttpStatus.SC_CONTINUE));
        HttpStreams.this.flush();
      }
    }

    @Override
    public int read() throws IOException {
      ask();
      return super.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      ask();
      return super.read(to, offset, length);
    }

    @Override
    public void close() {}
  }
}
