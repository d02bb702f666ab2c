package io.github.childconnector.adapter.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server among strangers, and what it makes of what they send. */
@IntegrationTest
class DeviceServerTest {
  private static final String DEVICE = "127.0.0.1";
  private static final String STRANGER = "127.0.0.2";
  private static final int FLOOD = 4200;

  private final FakeClock clock = FakeClock.standing();
  private final RecordingLog log = RecordingLog.of(DeviceServer.class);
  private final Connections open = new Connections("devices", clock);
  private final List<Socket> sockets = new ArrayList<>();
  private int port;
  private DeviceServer server;

  @BeforeEach
  void open() throws IOException {
    port = Mosquitto.freePort();
    server =
        DeviceServer.open(
            new DeviceServer.Terms(
                "fuota.listen",
                new ListenAddress("0.0.0.0", port),
                Optional.empty(),
                "listen",
                open),
            DeviceServerTest::echo,
            clock);
  }

  /** Answers with what came. */
  private static void echo(DeviceRequest request) throws IOException {
    switch (request.path()) {
      case "/denied" -> request.deny();
      case "/silent" -> {}
      case "/fault" -> throw new IllegalStateException("a fault of the answerer's");
      case "/short" -> {
        OutputStream body = request.begin(200, 10);
        body.write(1);
        body.close();
      }
      default -> request.answer(200, "text/plain", request.body().readAllBytes());
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    log.close();
  }

  private Socket connect(String from) throws IOException {
    int host = Integer.parseInt(from.substring(from.lastIndexOf('.') + 1));
    InetAddress own = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, own, 0);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** All that comes until the connection ends. */
  private static String rest(Socket from) throws IOException {
    return new String(from.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private String ask(String from, String request) throws IOException {
    Socket socket = connect(from);
    send(socket, request);
    socket.shutdownOutput();
    return rest(socket);
  }

  private String poll(String from) throws IOException {
    return ask(from, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  }

  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DEVICE, STRANGER})
  void connectionsOfStrangersTakeNeitherTheDescriptorsNorTheServer(String from) throws Exception {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Assumptions.assumeTrue(system.getMaxFileDescriptorCount() > FLOOD + 1000, "needs descriptors");
    for (int i = 0; i < FLOOD; i++) {
      Socket unused = connect(from);
    }
    assertThat(poll(DEVICE)).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(open.count()).isLessThanOrEqualTo(Connections.MOST_OF_ADDRESS);
    assertThat(log.lines())
        .singleElement()
        .asString()
        .contains("fuota.listen = 0.0.0.0:" + port, from, "128 at a time, and 32 of one address");
  }

  private void connectHalf(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket half = connect(STRANGER);
      send(half, "POST /v1/dfu HTTP/1.1\r\nContent-");
    }
    await().until(() -> open.count() >= Connections.MOST_OF_ADDRESS);
  }

  @Test
  void halfRequestsHoldNobodyUpAndAreClosedAfterTheirTime() throws Exception {
    connectHalf(Connections.MOST_OF_ADDRESS);
    assertThat(poll(DEVICE)).startsWith("HTTP/1.1 200 OK\r\n");
    clock.awaitTimers(Connections.MOST_OF_ADDRESS);
    clock.advance(DeviceConnection.ASKING);
    assertThat(sockets).allMatch(DeviceServerTest::isEnded);
    assertThat(log.lines()).singleElement().asString().contains("within 5 seconds");
  }

  @Test
  void aBodyHasMoreTimeThanAHead() throws Exception {
    Socket slow = connect(DEVICE);
    send(slow, "PUT /x HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n1");
    await().until(() -> clock.awaits(DeviceConnection.ANSWERING));
    clock.advance(DeviceConnection.ASKING.multipliedBy(10));
    send(slow, "2");
    assertThat(rest(slow)).endsWith("\r\n\r\n12");
  }

  @Test
  void requestsFollowOnOneConnection() throws Exception {
    Socket socket = connect(DEVICE);
    send(socket, "PUT /a HTTP/1.1\r\ncontent-length: 1\r\n\r\nx");
    send(
        socket, "PUT /b HTTP/1.1\nTransfer-Encoding: chunked\n\n3;n=v\r\nabc\r\n0\r\nT: v\r\n\r\n");
    send(socket, "PUT /c HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nyz");
    send(socket, "GET /d HTTP/1.0\r\n\r\n");
    assertThat(rest(socket).replaceAll("\r\n\r\n", "|").replaceAll("HTTP/1.1 ", "\n"))
        .contains("|x\n200 OK", "|abc\n100 Continue|\n200 OK", "|yz\n200 OK")
        .contains("Connection: close|");
  }

  @Test
  void anIdleConnectionIsClosedWithoutAWord() throws Exception {
    Socket socket = connect(DEVICE);
    send(socket, "GET / HTTP/1.1\r\n\r\n");
    await().until(() -> clock.awaits(DeviceConnection.IDLE));
    clock.advance(DeviceConnection.IDLE);
    assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK");
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\r\n",
        "GET /\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno name\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"
      })
  void whatIsNoRequestIsAnsweredWith400(String request) throws Exception {
    assertThat(ask(DEVICE, request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: %s", "X: x\r\nX: %s", "X: %s\r\nX: x"})
  void aHeadHasALimitedLength(String headers) throws Exception {
    String request = "GET / HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n\r\n";
    int room = HttpStreams.LARGEST_HEAD - request.formatted("").length();
    assertThat(ask(DEVICE, request.formatted("x".repeat(room)))).startsWith("HTTP/1.1 200 OK");
    String oneMore = request.formatted("x".repeat(room + 1));
    assertThat(ask(DEVICE, oneMore)).startsWith("HTTP/1.1 400 Bad Request");
  }

  @Test
  void aHeadHasALimitedNumberOfHeaders() throws Exception {
    String request = "GET / HTTP/1.1\r\nConnection: close\r\n%s\r\n";
    String most = "X: x\r\n".repeat(HttpStreams.MOST_HEADERS - 1);
    assertThat(ask(DEVICE, request.formatted(most))).startsWith("HTTP/1.1 200 OK");
    String oneMore = request.formatted(most + "X: x\r\n");
    assertThat(ask(DEVICE, oneMore)).startsWith("HTTP/1.1 400 Bad Request");
  }

  @Test
  void whoeverGetsTooLittleKnowsByTheEndOfTheConnection() throws Exception {
    assertThat(ask(DEVICE, "GET /short HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\n\u0001");
    assertThat(ask(DEVICE, "GET /silent HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(ask(DEVICE, "GET /fault HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(poll(DEVICE)).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void aLoginThatIsNotKnownIsToldOncePerName() throws Exception {
    String request = "GET /denied HTTP/1.1\r\nConnection: close\r\nAuthorization: Basic %s\r\n\r\n";
    for (int i = 0; i < 3; i++) {
      assertThat(ask(DEVICE, request.formatted("bWV0ZXItMTp3cm9uZw=="))).contains(" 403 ");
      assertThat(ask(DEVICE, request.formatted("???"))).contains(" 403 ");
    }
    assertThat(log.lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("127.0.0.1 came as meter-1 with a login"),
            line -> assertThat(line).contains("127.0.0.1 came with a login"));
  }

  @Test
  void itsEndBreaksOffWhatIsOpen() throws Exception {
    Socket socket = connect(DEVICE);
    send(socket, "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
    await().until(() -> clock.awaits(DeviceConnection.ANSWERING));
    server.close();
    assertThat(isEnded(socket)).isTrue();
  }
}
