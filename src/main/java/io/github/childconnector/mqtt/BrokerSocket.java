package io.github.childconnector.mqtt;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.net.Dialer;
import io.github.childconnector.net.Hosts;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The network side of one connection, plain or TLS, made such that the MQTT library can neither
 * hang nor leak a thread by it.
 *
 * <ul>
 *   <li>Nothing that is read, neither bytes nor the end nor a failure, is handed over before the
 *       first packet is being written: the library starts its three threads one after the other
 *       before it writes, and waits for ever for a thread that has ended by then.
 *   <li>There is no read timeout after the TLS handshake: the library loses its place in the stream
 *       when one strikes inside a packet header.
 *   <li>Whatever is larger than the broker was told is refused before the library makes room for
 *       it, see {@link PacketGate}.
 *   <li>Closing closes the TCP connection at once. A TLS farewell would wait for a blocked writer.
 * </ul>
 */
final class BrokerSocket extends Socket {
  private static final System.Logger LOG = System.getLogger(BrokerSocket.class.getName());

  /**
   * How many messages may be unacknowledged, as mosquitto allows by itself. Together with their
   * size this bounds what lies in memory while a full disk holds up the journal.
   */
  static final int MOST_UNACKNOWLEDGED = 20;

  /**
   * The bytes that are taken in before one message is acknowledged: as many of the largest requests
   * as mosquitto keeps by itself for one that is away (1,000), which 2.0.11 sends all at once,
   * whatever it was told.
   */
  static final long MOST_BYTES = 6L << 20;

  private final MqttSettings broker;
  private final Optional<SSLContext> tls;
  private final Duration limit;
  private final Threads threads;
  private final Dialer dialer = new Dialer();
  private final CountDownLatch greeted = new CountDownLatch(1);
  private volatile PacketGate gate;
  private volatile InputStream incoming = InputStream.nullInputStream();
  private volatile OutputStream outgoing = OutputStream.nullOutputStream();

  // Such as a TLS alert: says more than the broken pipe of whoever writes next.
  private volatile Optional<IOException> complaint = Optional.empty();

  /**
   * Makes a socket that is not connected yet; {@code limit} bounds the TCP connection and each step
   * of the handshake.
   */
  BrokerSocket(MqttSettings broker, Optional<SSLContext> tls, Duration limit, Threads threads) {
    this.broker = broker;
    this.tls = tls;
    this.limit = limit;
    this.threads = threads;
    this.gate = new PacketGate(InputStream.nullInputStream(), 0, 0, threads);
  }

  /** Hands this one socket to the library. */
  SocketFactory factory() {
    return new OneSocket();
  }

  /** Connects to the broker of the settings, whatever address the library was given. */
  @Override
  public void connect(SocketAddress ignored, int ignoredTimeout) throws IOException {
    int millis = Math.toIntExact(limit.toMillis());
    Socket wire = dial();
    wire.setTcpNoDelay(true);
    wire.setSoTimeout(millis);
    Socket top = tls.isPresent() ? secure(tls.get(), wire) : wire;
    wire.setSoTimeout(0);
    long largest = broker.largestMessage();
    gate =
        new PacketGate(
            top.getInputStream(),
            largest,
            Math.max(MOST_BYTES, MOST_UNACKNOWLEDGED * largest),
            threads);
    incoming = new Incoming(gate);
    outgoing = new Outgoing(top.getOutputStream());
  }

  private Socket dial() throws UnreachableException {
    try {
      return dialer.connect(broker.host(), broker.port(), limit);
    } catch (IOException e) {
      throw new UnreachableException(e);
    }
  }

  private SSLSocket secure(SSLContext context, Socket wire) throws IOException {
    String name = Hosts.inCertificates(broker.host());
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(wire, name, broker.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    try {
      secure.startHandshake();
    } catch (SSLException e) {
      throw e;
    } catch (IOException e) {
      throw new SSLException("the peer terminated the handshake", e);
    }
    return secure;
  }

  /** Makes room for others: the message with this packet id is acknowledged. */
  void acknowledged(int id) {
    gate.acknowledged(id);
  }

  @Override
  public InputStream getInputStream() {
    return incoming;
  }

  @Override
  public OutputStream getOutputStream() {
    return outgoing;
  }

  @Override
  public void setSoTimeout(int ignored) {}

  @Override
  public void shutdownInput() {}

  /** Breaks the connection, and leaves it to the library to notice; called by us. */
  void cut() {
    gate.open();
    try {
      dialer.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A socket did not close in order", e);
    }
  }

  /**
   * Ends the connection; called by the library, which is done with whatever threads it had started
   * by then.
   */
  @Override
  public synchronized void close() {
    cut();
    greeted.countDown();
  }

  private final class Incoming extends FilterInputStream {
    Incoming(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        complaint = Optional.of(e);
        throw e;
      } finally {
        awaitGreeting();
      }
    }

    // The library only uses it to look busy.
    @Override
    public int available() {
      return 0;
    }

    private void awaitGreeting() throws InterruptedIOException {
      try {
        greeted.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }

  private final class Outgoing extends FilterOutputStream {
    Outgoing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      greeted.countDown();
      if (complaint.isPresent()) {
        throw complaint.get();
      }
      out.write(bytes, offset, length);
    }
  }

  private final class OneSocket extends SocketFactory {
    @Override
    public Socket createSocket() {
      return BrokerSocket.this;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** No TCP connection could be made; the cause says why. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
