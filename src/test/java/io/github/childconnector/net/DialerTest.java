package io.github.childconnector.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@IntegrationTest
class DialerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static InetAddress address(int last) throws IOException {
    return InetAddress.getByAddress("two", new byte[] {127, 0, 0, (byte) last});
  }

  @Test
  void everyAddressIsTried() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, address(1));
        Dialer dialer = new Dialer();
        Socket socket =
            dialer.connect(List.of(address(2), address(1)), server.getLocalPort(), LIMIT)) {
      assertThat(socket.getInetAddress()).isEqualTo(address(1));
    }
  }

  @Test
  void whereNoneAnswersTheFirstIsTold() throws Exception {
    int port = closedPort();
    try (Dialer dialer = new Dialer()) {
      assertThatThrownBy(() -> dialer.connect(List.of(address(2), address(1)), port, LIMIT))
          .isInstanceOf(ConnectException.class)
          .satisfies(fault -> assertThat(fault.getSuppressed()).hasSize(1));
    }
  }

  /** As where no route leads there, or a firewall of this machine forbids it. */
  @Test
  void whatTheSystemForbidsIsNoWay() throws Exception {
    InetAddress everybody = Hosts.literal("255.255.255.255").orElseThrow();
    try (Dialer dialer = new Dialer()) {
      assertThatThrownBy(() -> dialer.connect(List.of(everybody), 1, LIMIT))
          .isInstanceOf(NoRouteToHostException.class);
    }
  }

  @Test
  void whatIsClosedConnectsNoMore() throws Exception {
    Dialer dialer = new Dialer();
    dialer.close();

    assertThatThrownBy(() -> dialer.connect("127.0.0.1", 1, LIMIT))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, address(1))) {
      return server.getLocalPort();
    }
  }
}
