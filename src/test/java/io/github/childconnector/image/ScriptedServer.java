package io.github.childconnector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.NullMarked;

/**
 * A file server on 127.0.0.1 that answers its first connection with the first reply of a script,
 * its second with the second, and all after the end with the last; byte for byte as told.
 */
@NullMarked
public final class ScriptedServer implements AutoCloseable {

  /** What to send on one connection, which is closed afterwards. */
  public interface Reply {
    void send(Connection connection) throws IOException, InterruptedException;
  }

  /** What a client asked. */
  public record Request(String line, Map<String, String> headers) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  private final String scheme;
  private final ServerSocket socket;
  private final List<Reply> script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong served = new AtomicLong();

  /** A server that speaks plain HTTP. */
  public ScriptedServer(Reply... script) throws IOException {
    this("http", ServerSocketFactory.getDefault(), 0, script);
  }

  /** A server that speaks plain HTTP on a port of the test's choice. */
  public static ScriptedServer at(int port, Reply... script) throws IOException {
    return new ScriptedServer("http", ServerSocketFactory.getDefault(), port, script);
  }

  /** A server that speaks HTTPS. */
  public ScriptedServer(SSLContext tls, Reply... script) throws IOException {
    this("https", tls.getServerSocketFactory(), 0, script);
  }

  private ScriptedServer(String scheme, ServerSocketFactory sockets, int port, Reply... script)
      throws IOException {
    this.scheme = scheme;
    this.script = List.of(script);
    this.socket =
        sockets.createServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    start("accept", this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "scripted-server-" + name);
    thread.setDaemon(true);
    thread.start();
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

  private void serve(Socket socket) {
    try (socket) {
      Connection connection = new Connection(read(socket), socket);
      int index;
      synchronized (requests) {
        index = Math.min(requests.size(), script.size() - 1);
        requests.add(connection.request);
      }
      script.get(index).send(connection);
    } catch (IOException | InterruptedException e) {
      // The client has gone, which is what many of the tests are about.
    }
  }

  private static Request read(Socket socket) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    String line = String.valueOf(reader.readLine());
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = reader.readLine();
        header != null && !header.isEmpty();
        header = reader.readLine()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return new Request(line, headers);
  }

  public int port() {
    return socket.getLocalPort();
  }

  public String url() {
    return scheme
        + "://127.0.0.1:"
        + port()
        + "/te/v1/files/child01/firmware_update/fw?token=secret";
  }

  public List<Request> requests() {
    return new ArrayList<>(requests);
  }

  /** How many bytes of bodies were sent. */
  public long served() {
    return served.get();
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

  /** The server's end of a connection whose request has been read. */
  public final class Connection {
    private final Request request;
    private final Socket socket;
    private final OutputStream out;

    private Connection(Request request, Socket socket) throws IOException {
      this.request = request;
      this.socket = socket;
      this.out = socket.getOutputStream();
    }

    public Request request() {
      return request;
    }

    public void text(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    }

    public void head(String status, String... headers) throws IOException {
      text("HTTP/1.1 " + status + "\r\n");
      for (String header : headers) {
        text(header + "\r\n");
      }
      text("Connection: close\r\n\r\n");
    }

    public void body(byte[] bytes, int from, int to) throws IOException {
      out.write(bytes, from, to - from);
      out.flush();
      served.addAndGet(to - from);
    }

    /** Ends the connection at once and without a farewell. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Does something again and again until the client has closed its end. */
    public void untilLeft(Runnable meanwhile) throws IOException {
      // Less often in the end: a client that is slow to leave must not lose its time by it.
      for (int round = 0; isHeld(round < 60 ? 5 : 100); round++) {
        meanwhile.run();
      }
    }

    private boolean isHeld(int millis) throws IOException {
      socket.setSoTimeout(millis);
      try {
        return socket.getInputStream().read() >= 0;
      } catch (SocketTimeoutException e) {
        return true;
      }
    }

    /** Says nothing more, but keeps the connection. */
    public void hang() throws InterruptedException {
      closed.await();
    }
  }
}
