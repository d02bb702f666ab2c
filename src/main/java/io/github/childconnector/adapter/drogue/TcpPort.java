package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device, or a serial server before it, that listens at {@code host:port}: {@code
 * 192.168.1.30:5000}, {@code [fe80::1]:5000}, {@code ser2net.local:5000}.
 */
record TcpPort(String host, int number) implements Port {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\s\\[\\]]+):(\\d{1,5})");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A peer that lost its power never says so; a new connection does no harm. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  /** Empty if the text has another form, or its port is none. */
  static Optional<TcpPort> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return Optional.of(parts)
        .filter(Matcher::matches)
        .map(found -> new TcpPort(found.group(1), Integer.parseInt(found.group(2))))
        .filter(port -> port.number >= 1 && port.number <= 65535);
  }

  @Override
  public Line open(MonotonicClock clock) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, number), (int) CONNECT.toMillis());
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
    return host + ":" + number;
  }
}
