package io.github.childconnector.adapter.drogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes by a broker or by HTTP reaches the device, and its command goes back. */
@NullMarked
final class TransportsTest {
  private static final byte[] STATUS = HexFormat.of().parseHex("a10045302e312e30");
  private static final byte[] SECOND = HexFormat.of().parseHex("a10045302e322e30");
  private static final MqttSettings BROKER =
      new MqttSettings("127.0.0.1", 1883, "test", Optional.empty(), Optional.empty(), false);

  @TempDir Path directory;

  private final FakeClock clock = FakeClock.standing();
  private final Connections connections = new Connections("drogue-http", clock);
  private final RecordingLink link = new RecordingLink();
  private Optional<Transport> open = Optional.empty();

  @AfterEach
  void close() {
    open.ifPresent(Transport::close);
  }

  private static void hold(
      Transport transport, TransportSettings settings, String device, Optional<BasicLogin> login)
      throws IOException {
    transport
        .devices()
        .hold(
            transport.claim(
                new ChildId("child-" + device),
                new TransportSettings.DeviceAddress(settings, device, login)));
  }

  private void openBroker(Topics topics) throws IOException {
    TransportSettings.Broker settings = new TransportSettings.Broker(BROKER, topics);
    Transport transport = new BrokerTransport(settings, link, clock);
    hold(transport, settings, "meter-1", Optional.empty());
    hold(transport, settings, "meter-2", Optional.empty());
    transport.open();
    open = Optional.of(transport);
  }

  @Test
  void atAPlainBrokerTheTopicNamesTheDevice() throws Exception {
    openBroker(new Topics.Plain());
    assertThat(link.filters()).containsExactlyInAnyOrder("dfu/meter-1", "dfu/meter-2");
    assertThat(link.receive("dfu/meter-2", STATUS, false)).isTrue();
    assertThat(link.awaitPublished(1)).containsExactly("command/inbox/meter-2/dfu sync 0.1.0");
  }

  @Test
  void theFiltersFollowTheDevices() throws Exception {
    openBroker(new Topics.Plain());
    open.orElseThrow().subscribe(Set.of("meter-2"));
    assertThat(link.filters()).containsExactly("dfu/meter-2");
  }

  @Test
  void whatTheBrokerHasKeptIsOld() throws Exception {
    openBroker(new Topics.Plain());
    assertThat(link.receive("dfu/meter-1", STATUS, true)).isTrue();
    link.receive("dfu/meter-1", SECOND, false);
    assertThat(link.awaitPublished(1)).containsExactly("command/inbox/meter-1/dfu sync 0.2.0");
  }

  @Test
  void onlyTheNewestStatusOfADeviceWaits() throws Exception {
    link.holding();
    openBroker(new Topics.Plain());
    link.receive("dfu/meter-1", STATUS, false);
    await().until(link::isWaitedFor);
    for (int copy = 0; copy < 5; copy++) {
      link.receive("dfu/meter-2", STATUS, false);
    }
    link.receive("dfu/meter-2", SECOND, false);
    link.allow(10);
    link.receive("dfu/meter-1", SECOND, false);
    assertThat(link.awaitPublished(3))
        .containsExactlyInAnyOrder(
            "command/inbox/meter-1/dfu sync 0.1.0",
            "command/inbox/meter-2/dfu sync 0.2.0",
            "command/inbox/meter-1/dfu sync 0.2.0");
  }

  @Test
  void whatIsNoStatusIsPassedOver() throws Exception {
    openBroker(new Topics.Plain());
    assertThat(link.receive("dfu/meter-1", new byte[] {1}, false)).isTrue();
    assertThat(link.receive("dfu/stranger", STATUS, false)).isTrue();
    assertThat(link.receive("elsewhere", STATUS, false)).isTrue();
    link.receive("dfu/meter-2", STATUS, false);
    assertThat(link.awaitPublished(1)).containsExactly("command/inbox/meter-2/dfu sync 0.1.0");
  }

  @Test
  void troubleIsToldUntilTheBrokerAnswers() throws Exception {
    openBroker(new Topics.Plain());
    assertThat(open.orElseThrow().trouble()).contains("the broker has not answered yet");
    link.listener().down("nobody answers at child.drogue.host");
    assertThat(open.orElseThrow().trouble()).contains("nobody answers at child.drogue.host");
    link.listener().up();
    assertThat(open.orElseThrow().trouble()).isEmpty();
  }

  @Test
  @IntegrationTest
  void inTheCloudTheEventNamesTheDevice() throws Exception {
    openBroker(new Topics.Cloud("meters", Optional.empty()));
    assertThat(link.filters()).containsExactly("app/meters");
    byte[] event = BrokerWire.event("meter-2", STATUS).getBytes(UTF_8);
    link.receive("app/meters", event, false);
    assertThat(link.awaitPublished(1)).containsExactly("command/meters/meter-2/dfu sync 0.1.0");
  }

  @Test
  void inTheCloudAGroupSharesTheEvents() {
    assertThat(new Topics.Cloud("meters", Optional.of("gateways")).filters(Set.of("meter-1")))
        .containsExactly("$share/gateways/app/meters");
  }

  @Test
  void anEventMayHaveItsAttributesBesideItsData() {
    Map<String, String> attributes =
        Map.of("specversion", "1.0", "subject", "dfu", "device", "meter-1");
    assertThat(
            new Topics.Cloud("meters", Optional.empty())
                .read(new Delivery("app/meters", STATUS, attributes, false, () -> {})))
        .map(Topics.Message::status)
        .contains(ByteBuffer.wrap(STATUS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"subject\":\"temperature\",\"device\":\"meter-1\",\"data_base64\":\"oA==\"}",
        "{\"subject\":\"dfu\",\"data_base64\":\"oA==\"}",
        "{\"subject\":\"dfu\",\"device\":\"meter-1\",\"data_base64\":\"*\"}",
        "{\"subject\":\"dfu\",\"device\":\"meter-1\",\"data\":{}}",
        "[]",
        "no JSON"
      })
  void anEventThatIsNoStatusIsPassedOver(String event) {
    Delivery delivery =
        new Delivery("app/meters", event.getBytes(UTF_8), Map.of(), false, () -> {});
    assertThat(new Topics.Cloud("meters", Optional.empty()).read(delivery)).isEmpty();
  }

  private URI openHttp() throws IOException {
    int port = Mosquitto.freePort();
    TransportSettings.Http settings =
        new TransportSettings.Http(new ListenAddress("127.0.0.1", port), Optional.empty());
    Transport transport = new HttpTransport(settings, connections, clock);
    Path password = Files.writeString(directory.resolve("password"), "secret\nnot this");
    hold(
        transport,
        settings,
        "meter-1",
        Optional.of(new BasicLogin("meter-1@meters", new SecretFile(password))));
    hold(
        transport,
        settings,
        "meter-2",
        Optional.of(new BasicLogin("gateway@meters", new SecretFile(password))));
    transport.open();
    open = Optional.of(transport);
    return URI.create("http://127.0.0.1:" + port);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/dfu?ct=30, meter-1@meters:secret, 200",
    "/v1/dfu, meter-1@meters:secret, 200",
    "/v1/dfu?ct=30&as=meter-2, gateway@meters:secret, 200",
    "/v1/dfu?ct=30&as=meter%2D2, gateway@meters:secret, 200",
    "/v1/dfu?ct=30, meter-1@meters:wrong, 403",
    "/v1/dfu?ct=30, meter-1@meters:secretly, 403",
    "/v1/dfu?ct=30, meter-1@meters:secret:, 403",
    "/v1/dfu?ct=30, meter-1@meters:sec, 403",
    "/v1/dfu?ct=30, meter-1@meters:, 403",
    "/v1/dfu?ct=30&as=meter-2, gateway@meters:secretly, 403",
    "/v1/dfu?ct=30, meter-1:secret, 403",
    "/v1/dfu?ct=30, meter-2@meters:secret, 403",
    "/v1/dfu?ct=30&as=meter-1, gateway@meters:secret, 403",
    "/v1/dfu?ct=30&as=meter-3, gateway@meters:secret, 403",
    "/v1/status, meter-1@meters:secret, 404",
    "/v1/dfu/more, meter-1@meters:secret, 404"
  })
  @IntegrationTest
  void aPostIsAnsweredToWhoMayPost(String path, String login, int code) throws IOException {
    HttpURLConnection post = new HttpWire(openHttp().resolve(path), login).post(STATUS);
    assertThat(post.getResponseCode()).isEqualTo(code);
    assertThat(post.getHeaderField("Content-Length")).isNotNull();
    if (code == 200) {
      assertThat(post.getHeaderField("command")).isEqualTo("dfu");
      assertThat(CborDevice.text(post.getInputStream().readAllBytes())).isEqualTo("sync 0.1.0");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 400", "5000, 400"})
  @IntegrationTest
  void aPostOfSomethingElseIsRefused(int length, int code) throws IOException {
    URI uri = openHttp().resolve("/v1/dfu");
    HttpURLConnection post = new HttpWire(uri, "meter-1@meters:secret").post(new byte[length]);
    assertThat(post.getResponseCode()).isEqualTo(code);
  }

  @Test
  @IntegrationTest
  void aGetIsRefused() throws IOException {
    HttpURLConnection get =
        (HttpURLConnection) openHttp().resolve("/v1/dfu").toURL().openConnection();
    assertThat(get.getResponseCode()).isEqualTo(405);
  }

  @Test
  @IntegrationTest
  void withACertificateTheServerSpeaksTls() throws Exception {
    Certificates certificates = Certificates.authority(directory, "authority");
    int port = Mosquitto.freePort();
    TransportSettings.Http settings =
        new TransportSettings.Http(
            new ListenAddress("127.0.0.1", port), Optional.of(certificates.sign("server")));
    Transport transport = new HttpTransport(settings, connections, clock);
    Path password = Files.writeString(directory.resolve("password"), "secret");
    hold(
        transport,
        settings,
        "meter-1",
        Optional.of(new BasicLogin("meter-1@meters", new SecretFile(password))));
    transport.open();
    open = Optional.of(transport);
    SSLContext trusting =
        TlsContext.of(new TlsSettings(Optional.of(certificates.authority()), Optional.empty()));
    HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
    String login = Base64.getEncoder().encodeToString("meter-1@meters:secret".getBytes(UTF_8));
    HttpRequest post =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/dfu"))
            .header("Authorization", "Basic " + login)
            .POST(HttpRequest.BodyPublishers.ofByteArray(STATUS))
            .build();
    HttpResponse<byte[]> answer = client.send(post, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(CborDevice.text(answer.body())).isEqualTo("sync 0.1.0");
  }

  @Test
  @IntegrationTest
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      ListenAddress listen = new ListenAddress("127.0.0.1", taken.getLocalPort());
      Transport transport =
          new HttpTransport(
              new TransportSettings.Http(listen, Optional.empty()), connections, clock);
      assertThatThrownBy(transport::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("drogue.listen: nobody can listen at 127.0.0.1:");
      transport.close();
    }
  }

  @Test
  void aPasswordThatCannotBeReadIsNamed() {
    Path missing = directory.resolve("missing");
    TransportSettings.Http settings =
        new TransportSettings.Http(new ListenAddress("127.0.0.1", 1), Optional.empty());
    Transport transport = new HttpTransport(settings, connections, clock);
    assertThatThrownBy(
            () ->
                hold(
                    transport,
                    settings,
                    "meter-1",
                    Optional.of(new BasicLogin("u", new SecretFile(missing)))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing");
  }
}
