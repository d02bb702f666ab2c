package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * A device, or a serial server before it, that listens at {@code host:port}: {@code
 * 192.168.1.30:5000}, {@code [fe80::1]:5000}, {@code ser2net.local:5000}.
 */
record TcpPort(ListenAddress address) implements Port {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A peer that lost its power never says so; a new connection does no harm. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  @Override
  public Line open(MonotonicClock clock) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address.resolve(), (int) CONNECT.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) LONGEST_SILENCE.toMillis());
      return new Line(socket.getInputStream(), socket.getOutputStream(), socket);
    } catch (UnknownHostException e) {
      socket.close();
      throw new IOException("there is no host of this name; correct drogue.address", e);
    } catch (SocketTimeoutException e) {
      socket.close();
      throw new IOException("nothing answers; check drogue.address and what lies between", e);
    } catch (IOException e) {
      socket.close();
      throw new IOException(e.getMessage() + "; does it listen there?", e);
    }
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
