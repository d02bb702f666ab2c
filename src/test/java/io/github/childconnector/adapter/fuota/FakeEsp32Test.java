package io.github.childconnector.adapter.fuota;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device of the tests has the traps of the real ones. */
@NullMarked
@IntegrationTest
final class FakeEsp32Test {
  @TempDir static Path certificates;

  @TempDir Path directory;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private FakeEsp32 device;
  private volatile int status = 200;
  private volatile String name = "";
  private volatile byte[] image = {};

  @BeforeEach
  void listen() throws IOException {
    Path certificate = FakeEsp32.makeCertificate(certificates);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(
            new ServerIdentity(Optional.empty(), "127.0.0.1", certificates).context()));
    server.createContext("/", this::answer);
    server.start();
    int port = server.getAddress().getPort();
    device = new FakeEsp32(directory, "00001", port, certificate).with("1.0");
  }

  @AfterEach
  void close() {
    device.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      byte[] body = path.startsWith("/devices/") ? name.getBytes(US_ASCII) : image;
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void itRestartsAfterAnyStatusThatItDoesNotKnow() throws Exception {
    for (int known : new int[] {204, 400, 403, 404}) {
      status = known;
      device.cycle();
    }
    assertThat(device.restarts()).isZero();
    for (int unknown : new int[] {301, 401, 429, 500, 503}) {
      status = unknown;
      device.cycle();
    }
    assertThat(device.restarts()).isEqualTo(5);
  }

  @Test
  void itKeepsTheTailOfALongerNameUntilItStartsAgain() throws Exception {
    name = "longer.bin";
    device.cycle();
    name = "short";
    device.cycle();
    status = 500;
    device.cycle();
    status = 200;
    device.cycle();
    assertThat(asked)
        .filteredOn(path -> path.startsWith("/files/"))
        .containsExactly("/files/longer.bin", "/files/shortr.bin", "/files/short");
  }

  @Test
  void anImageWhoseDigestIsWrongIsNotStarted() throws Exception {
    name = "x";
    image = EspImages.of("2.0");
    image[1000]++;
    device.cycle();
    assertThat(device.fetches()).isEqualTo(1);
    assertThat(device.version()).isEqualTo("1.0");
    image = EspImages.of("2.0");
    device.cycle();
    assertThat(device.version()).isEqualTo("2.0");
    assertThat(Files.readAllBytes(directory.resolve("slot-1"))).isEqualTo(image);
  }
}
