package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;

/**
 * A small device on 127.0.0.1 with an HTTP server as simple as theirs are: one request a
 * connection, and no more of a body read than it wants. What it does is told address by address.
 */
public final class FakeBoard implements AutoCloseable {
  /** Bounded, so that a device that reads nothing is noticed. */
  private static final int RECEIVE_BUFFER = 64 * 1024;

  private final String scheme;
  private final ServerSocket socket;
  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What it does with one request. */
  public interface Behaviour {
    void serve(Visit visit) throws IOException, InterruptedException;
  }

  /** A device that speaks plain http. */
  public FakeBoard() throws IOException {
    this("http", ServerSocketFactory.getDefault());
  }

  /** A device that speaks plain http at this port. */
  FakeBoard(int port) throws IOException {
    this("http", ServerSocketFactory.getDefault(), port);
  }

  /** A device that speaks the scheme that these sockets do. */
  FakeBoard(String scheme, ServerSocketFactory sockets) throws IOException {
    this(scheme, sockets, 0);
  }

  private FakeBoard(String scheme, ServerSocketFactory sockets, int port) throws IOException {
    this.scheme = scheme;
    this.socket = sockets.createServerSocket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    start("accept", this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "fake-board-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on, this is what it does with requests such as {@code POST /update}. */
  public FakeBoard on(String request, Behaviour behaviour) {
    behaviours.put(request, behaviour);
    return this;
  }

  /** An address on it. */
  public String url(String path) {
    return scheme + "://127.0.0.1:" + socket.getLocalPort() + path;
  }

  /** The requests for one address, such as {@code POST /update}, in their order. */
  public List<Visit> visits(String request) {
    return visits.stream().filter(visit -> visit.request().equals(request)).toList();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        start("connection", () -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Optional<Visit> visit = read(connection);
      if (visit.isPresent()) {
        visits.add(visit.get());
        Behaviour known = behaviours.get(visit.get().request());
        Behaviour behaviour = known == null ? it -> it.answer("404 Not Found", "") : known;
        behaviour.serve(visit.get());
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, which is what many of the tests are about.
    }
  }

  private Optional<Visit> read(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    String line = line(in);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return line.isEmpty() ? Optional.empty() : Optional.of(new Visit(line, headers, connection));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(ISO_8859_1).strip();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One request, and the connection on which it came. */
  public final class Visit {
    private final String line;
    private final Map<String, String> headers;
    private final Socket connection;
    private volatile byte[] body = {};

    private Visit(String line, Map<String, String> headers, Socket connection) {
      this.line = line;
      this.headers = headers;
      this.connection = connection;
    }

    /** Without query, for example {@code POST /update}. */
    String request() {
      return line.replaceFirst("(\\?\\S*)? HTTP/1.1$", "");
    }

    /** As it came, for example {@code GET /up?fsz=7 HTTP/1.1}. */
    String line() {
      return line;
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** Reads all of the body. */
    public byte[] readBody() throws IOException {
      return readBody(Integer.parseInt(header("Content-Length").orElse("0")));
    }

    /** Reads so much more of the body. */
    byte[] readBody(int length) throws IOException {
      byte[] more = connection.getInputStream().readNBytes(length);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(body);
      all.writeBytes(more);
      body = all.toByteArray();
      return more;
    }

    /** What was read of the body. */
    byte[] body() {
      return body;
    }

    /** The file in the form that was read. */
    public byte[] file() {
      String text = new String(body, ISO_8859_1);
      String boundary =
          "\r\n--" + header("Content-Type").orElse("").replaceFirst(".*boundary=", "");
      int start = text.indexOf("\r\n\r\n", text.indexOf("; filename=\"")) + 4;
      return text.substring(start, text.indexOf(boundary, start)).getBytes(ISO_8859_1);
    }

    public void answer(String status, String text, String... more) throws IOException {
      String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n";
      String headers = more.length == 0 ? "" : String.join("\r\n", more) + "\r\n";
      String length = "Content-Length: " + text.getBytes(ISO_8859_1).length + "\r\n\r\n";
      send(head + headers + length + text);
    }

    /** Sends these bytes as they are. */
    void send(String text) throws IOException {
      connection.getOutputStream().write(text.getBytes(ISO_8859_1));
      connection.getOutputStream().flush();
    }

    /** Ends the connection at once and without a farewell. */
    void reset() throws IOException {
      connection.setSoLinger(true, 0);
      connection.close();
    }

    /** Does nothing more, but keeps the connection. */
    void hang() throws InterruptedException {
      closed.await();
    }

    /** Waits until the client has closed its end, whatever it still sends. */
    void awaitLeft() throws IOException {
      connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }
}
