package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.adapter.endpoint.HttpStreams.MalformedException;
import io.github.childconnector.clock.MonotonicClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.MalformedChunkCodingException;

/** A connection to a server: takes one request after the other, each within its time. */
final class DeviceConnection implements Connections.Connection, DeviceRequest.Visitor {
  private static final System.Logger LOG = System.getLogger(DeviceConnection.class.getName());

  /** The time for a TLS handshake and the head of a request: devices need one or two seconds. */
  static final Duration ASKING = Duration.ofSeconds(5);

  /** How long the next request is awaited; devices that post often make it within a second. */
  static final Duration IDLE = Duration.ofSeconds(30);

  /** The time for a body and its answer: the largest image on the slowest network. */
  static final Duration ANSWERING = Duration.ofMinutes(30);

  private final Socket socket;
  private final Host host;
  private final MonotonicClock clock;
  private MonotonicClock.Timer limit = () -> {};

  /**
   * The server whose connection it is.
   *
   * @param name the setting and its value, for people
   * @param tls empty for plain HTTP
   */
  record Host(
      DeviceServer server,
      String name,
      Optional<SSLContext> tls,
      DeviceServer.Answers answers,
      Connections open,
      RareWarnings warnings) {}

  DeviceConnection(Socket socket, Host host, MonotonicClock clock) {
    this.socket = socket;
    this.host = host;
    this.clock = clock;
  }

  @Override
  public InetAddress from() {
    return socket.getInetAddress();
  }

  @Override
  public boolean isOf(DeviceServer server) {
    return host.server() == server;
  }

  @Override
  public String name() {
    return from().getHostAddress();
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public void denied(String login) {
    String user = BasicLogin.username(login).map(name -> " as " + name).orElse("");
    host.warnings()
        .warn(
            "login" + user,
            "%s: %s came%s with a login that is none here, and was refused (403); compare what the device was built with to username and password_file"
                .formatted(host.name(), name(), user));
  }

  @Override
  public void run() {
    try {
      limit(ASKING, "has asked for nothing within " + ASKING.toSeconds() + " seconds");
      int first = socket.getInputStream().read();
      if (first >= 0) {
        host.open().asking(this);
        converse((byte) first);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The connection of " + name() + " has ended", e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Answering " + name() + " failed, please report this", e);
    } finally {
      limit.cancel();
      host.open().remove(this);
      close();
    }
  }

  private void converse(byte first) throws IOException {
    if (host.tls().isEmpty()) {
      PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
      in.unread(first);
      converse(new HttpStreams(in, socket.getOutputStream()));
      return;
    }
    try (SSLSocket secure = secure(host.tls().get(), first)) {
      converse(new HttpStreams(secure.getInputStream(), secure.getOutputStream()));
    }
  }

  private SSLSocket secure(SSLContext tls, byte first) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(socket, new ByteArrayInputStream(new byte[] {first}), true);
    try {
      secure.startHandshake();
      return secure;
    } catch (SSLException e) {
      if (!socket.isClosed()) {
        warn("TLS", "could not agree on TLS: " + e.getMessage());
      }
      throw e;
    }
  }

  private void converse(HttpStreams streams) throws IOException {
    while (isAnswered(streams)) {
      host.open().waiting(this);
      limit(IDLE, "");
      if (!streams.awaitRequest()) {
        return;
      }
      host.open().asking(this);
      limit(ASKING, "has sent half a request within " + ASKING.toSeconds() + " seconds");
    }
  }

  /** Answers a request; returns whether another may follow. */
  private boolean isAnswered(HttpStreams streams) throws IOException {
    try {
      DeviceRequest request = streams.read(this);
      host.open().answered(this);
      limit(ANSWERING, "has not taken its answer within " + ANSWERING.toMinutes() + " minutes");
      return isKeptAfter(request);
    } catch (MalformedException e) {
      LOG.log(Level.DEBUG, "What came from " + name() + " is no request", e);
      streams.refuse();
      return false;
    }
  }

  private boolean isKeptAfter(DeviceRequest request) throws IOException {
    try {
      host.answers().answer(request);
      return request.isKeptAfter();
    } catch (MalformedChunkCodingException e) {
      if (request.isBegun()) {
        throw e;
      }
      throw new MalformedException(e);
    }
  }

  private void limit(Duration time, String late) {
    limit.cancel();
    limit = clock.schedule(time, () -> expire(late));
  }

  private void expire(String late) {
    close();
    if (!late.isEmpty()) {
      warn("closed", late + " and was closed");
    }
  }

  @Override
  public void yieldTo(String why) {
    close();
    warn("closed", "was closed: " + why);
  }

  private void warn(String subject, String what) {
    host.warnings().warn(subject, "%s: a connection of %s %s".formatted(host.name(), name(), what));
  }

  /** Closes the socket below TLS, which would want to take its leave of a peer that is silent. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The connection of " + name() + " is not closed", e);
    }
  }
}
