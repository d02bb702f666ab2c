package io.github.childconnector.adapter.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** A request to a server, and the one answer to it. */
public final class DeviceRequest {
  private static final System.Logger LOG = System.getLogger(DeviceRequest.class.getName());

  /** Bytes of a body that nobody wanted: a client that still sends would not hear why. */
  private static final int DRAINED = 64 << 10;

  private final ClassicHttpRequest head;
  private final URI target;
  private final HttpStreams.Body body;
  private final HttpStreams streams;
  private final Visitor visitor;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private Optional<AnswerBody> answer = Optional.empty();
  private boolean isKept;

  /** The visitor of a server, by whom requests come. */
  interface Visitor {
    /** The address that people know it by. */
    String name();

    /** Notes that it came with a login that is not known. */
    void denied(String login);
  }

  DeviceRequest(
      ClassicHttpRequest head,
      URI target,
      HttpStreams.Body body,
      HttpStreams streams,
      Visitor visitor) {
    this.head = head;
    this.target = target;
    this.body = body;
    this.streams = streams;
    this.visitor = visitor;
  }

  /** The method, for example {@code GET}. */
  public String method() {
    return head.getMethod();
  }

  /** The path and the query as they were sent, for people. */
  public String target() {
    return target.toString();
  }

  /** The path as it was sent, escapes and all. */
  public String path() {
    return target.getRawPath();
  }

  /** The header {@code Authorization}; empty if there is none. */
  public String login() {
    return Optional.ofNullable(head.getFirstHeader(HttpHeaders.AUTHORIZATION))
        .map(Header::getValue)
        .orElse("");
  }

  /** The body that was sent with it; empty if there was none. */
  public InputStream body() {
    return body;
  }

  /** The values of a key in the query as they were sent, escapes and all. */
  public List<String> query(String key) {
    return Optional.ofNullable(target.getRawQuery()).stream()
        .flatMap(query -> Stream.of(query.split("&")))
        .filter(part -> part.startsWith(key + "="))
        .map(part -> part.substring(key.length() + 1))
        .toList();
  }

  /**
   * The value of a key in the query, without its escapes: for {@code app_ver=0.1.0+b1} that is
   * {@code 0.1.0+b1}, because devices that escape nothing mean a plus by a plus, and no blank.
   * Empty if the key is not there or more than once, or its value is blank or damaged.
   */
  public Optional<String> value(String key) {
    return Optional.of(query(key))
        .filter(values -> values.size() == 1)
        .flatMap(values -> unescape(values.get(0).replace("+", "%2B")))
        .filter(value -> !value.isBlank());
  }

  /** Returns a value of a query without its escapes; empty if they are damaged. */
  public static Optional<String> unescape(String value) {
    try {
      return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Sets a header of the answer. */
  public void set(String name, String value) {
    fields.put(name, value);
  }

  /** Answers with a status and no body. */
  public void end(int status) throws IOException {
    LOG.log(
        Level.DEBUG, "{0} {1} of {2} is answered with {3}", method(), target(), visitor, status);
    begin(status, 0).close();
  }

  /** Answers that nobody is known by this login, and notes that; without a body. */
  public void deny() throws IOException {
    visitor.denied(login());
    end(403);
  }

  /** Answers with a body, and with its length. */
  public void answer(int status, String type, byte[] text) throws IOException {
    set("Content-Type", type);
    try (OutputStream to = begin(status, text.length)) {
      to.write(text);
    }
  }

  /**
   * Begins to answer with a body of this length; a client that gets less of it than that knows by
   * the end of the connection.
   */
  public OutputStream begin(int status, long length) throws IOException {
    if (answer.isPresent()) {
      throw new IllegalStateException("the request is answered already");
    }
    ClassicHttpResponse begun = new BasicClassicHttpResponse(status);
    fields.forEach(begun::setHeader);
    if (status != HttpStatus.SC_NO_CONTENT) {
      begun.setHeader(HttpHeaders.CONTENT_LENGTH, length);
    }
    isKept = !body.isAwaitingWord() && mayBeKept(begun);
    if (!isKept) {
      begun.setHeader(HttpHeaders.CONNECTION, "close");
    }
    streams.write(begun);
    AnswerBody to = new AnswerBody(streams, length);
    answer = Optional.of(to);
    return to;
  }

  private boolean mayBeKept(ClassicHttpResponse begun) {
    HttpContext context = HttpCoreContext.create();
    context.setProtocolVersion(head.getVersion());
    return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(head, begun, context);
  }

  /** Whether an answer has begun, so that there can be no other. */
  boolean isBegun() {
    return answer.isPresent();
  }

  /** Ends it; returns whether another request may follow on the connection. */
  boolean isKeptAfter() throws IOException {
    streams.flush();
    boolean isWhole = answer.filter(AnswerBody::isWhole).isPresent();
    return isKept && isWhole && isOverWithin(DRAINED);
  }

  /** Reads on in the body, about so far at most; returns whether all of it has come by then. */
  public boolean isOverWithin(long bytes) throws IOException {
    byte[] chunk = new byte[8192];
    int read = 0;
    for (long left = bytes; read >= 0 && left > 0; left -= read) {
      read = body.read(chunk);
    }
    return read < 0;
  }

  /** The body of an answer, which cannot become longer than it was told to be. */
  private static final class AnswerBody extends OutputStream {
    private final HttpStreams to;
    private long left;

    private AnswerBody(HttpStreams to, long length) {
      this.to = to;
      this.left = length;
    }

    private boolean isWhole() {
      return left == 0;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > left) {
        throw new IOException("more than the length that was told");
      }
      to.write(bytes, offset, length);
      left -= length;
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() throws IOException {
      to.flush();
    }
  }
}
