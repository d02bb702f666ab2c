package io.github.childconnector.adapter.endpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A request to a server, and the one answer to it. */
public final class DeviceRequest {
  private static final System.Logger LOG = System.getLogger(DeviceRequest.class.getName());

  /** Bytes of a body that nobody wanted: a client that still sends would not hear why. */
  private static final int DRAINED = 64 << 10;

  private final RequestHead head;
  private final RequestBody body;
  private final OutputStream out;
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

  /**
   * A request that has come.
   *
   * @param body what follows its head
   * @param out where the answer goes
   */
  DeviceRequest(RequestHead head, RequestBody body, OutputStream out, Visitor visitor) {
    this.head = head;
    this.body = body;
    this.out = new BufferedOutputStream(out);
    this.visitor = visitor;
    this.isKept = head.isKept();
    if (head.isAwaitingWord()) {
      body.onFirst(
          () -> {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
          });
    }
  }

  /** The method, for example {@code GET}. */
  public String method() {
    return head.method();
  }

  /** The path and the query as they were sent, for people. */
  public String target() {
    return head.target().toString();
  }

  /** The path as it was sent, escapes and all. */
  public String path() {
    return head.target().getRawPath();
  }

  /** The header {@code Authorization}; empty if there is none. */
  public String login() {
    return head.field("authorization").orElse("");
  }

  /** The body that was sent with it; empty if there was none. */
  public InputStream body() {
    return body;
  }

  /** The values of a key in the query as they were sent, escapes and all. */
  public List<String> query(String key) {
    return Optional.ofNullable(head.target().getRawQuery()).stream()
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
    isKept &= !(head.isAwaitingWord() && body.isUntouched());
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
    set("Content-Length", Long.toString(length));
    if (!isKept) {
      set("Connection", "close");
    }
    fields.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    AnswerBody begun = new AnswerBody(out, length);
    answer = Optional.of(begun);
    return begun;
  }

  /** Ends it; returns whether another request may follow on the connection. */
  boolean isKeptAfter() throws IOException {
    out.flush();
    boolean isWhole = answer.filter(AnswerBody::isWhole).isPresent();
    return isKept && isWhole && isDrained();
  }

  private boolean isDrained() throws IOException {
    byte[] chunk = new byte[8192];
    int left = DRAINED;
    while (!body.isOver() && left > 0) {
      left -= Math.max(0, body.read(chunk));
    }
    return body.isOver();
  }

  /** The phrase for a status, which people read who look at what goes over the network. */
  static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 422 -> "Unprocessable Content";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 507 -> "Insufficient Storage";
      default -> "Other";
    };
  }

  /** The body of an answer, which cannot become longer than it was told to be. */
  private static final class AnswerBody extends OutputStream {
    private final OutputStream to;
    private long left;

    private AnswerBody(OutputStream to, long length) {
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
