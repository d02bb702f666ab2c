package io.github.childconnector.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;

/**
 * Connects to a host by the first of its addresses that answers, one after the other. Each may take
 * its share of what is left of the time: of 10 s, the first of two addresses has 5 s, and the
 * second what that leaves.
 *
 * <p>Whoever closes it ends the attempt of another thread, and the connection that was made.
 */
public final class Dialer implements AutoCloseable {
  private Socket current = new Socket();
  private boolean closed;

  /**
   * Connects to a host.
   *
   * @throws java.net.UnknownHostException nobody knows its name
   * @throws IOException no address answers; tells of the first, which is preferred on this machine,
   *     and of the others as suppressed
   */
  public Socket connect(String host, int port, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    return connect(Hosts.addresses(host), port, end);
  }

  /** Connects likewise to one of these addresses. */
  public Socket connect(List<InetAddress> addresses, int port, Duration limit) throws IOException {
    return connect(addresses, port, System.nanoTime() + limit.toNanos());
  }

  private Socket connect(List<InetAddress> addresses, int port, long end) throws IOException {
    IOException first = new SocketException("no address");
    for (int i = 0; i < addresses.size(); i++) {
      long share = (end - System.nanoTime()) / 1_000_000 / (addresses.size() - i);
      Socket socket = next();
      try {
        socket.connect(
            new InetSocketAddress(addresses.get(i), port),
            (int) Math.min(Math.max(1, share), Integer.MAX_VALUE));
        return socket;
      } catch (IOException e) {
        socket.close();
        if (i == 0) {
          first = told(e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first;
  }

  /** The system says by a plain SocketException that there is no route, or that it may not. */
  private static IOException told(IOException fault) {
    if (fault instanceof ConnectException || fault.getClass() != SocketException.class) {
      return fault;
    }
    NoRouteToHostException without = new NoRouteToHostException(fault.getMessage());
    without.initCause(fault);
    return without;
  }

  private synchronized Socket next() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    current = new Socket();
    return current;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    current.close();
  }
}
