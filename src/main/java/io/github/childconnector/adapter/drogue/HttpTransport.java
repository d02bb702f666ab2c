package io.github.childconnector.adapter.drogue;

import com.sun.net.httpserver.HttpExchange;
import io.github.childconnector.adapter.drogue.wire.FormatException;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A server to which devices post their statuses, each answered at once with a command:
 *
 * <pre>
 * POST /v1/dfu?ct=30              Authorization: Basic, of meter-1@meters and its password
 * POST /v1/dfu?ct=30&amp;as=meter-1   the same of the gateway that speaks for meter-1
 * → 200, command: dfu, Content-Length: 14
 * </pre>
 *
 * <p>Else 400, 403, 404 or 405, without a body; devices then try again.
 */
final class HttpTransport implements Transport {
  private static final System.Logger LOG = System.getLogger(HttpTransport.class.getName());
  private static final String PATH = "/v1/dfu";
  private static final String BASIC = "Basic ";
  private static final String BEHALF = "as=";

  /** Far above any status. */
  private static final int LARGEST = 4096;

  private static final int MAX_EXCHANGES = 16;

  private final TransportSettings.Http settings;
  private final HeldDevices<DfuDevice> devices;
  private final Threads threads;
  private Optional<DeviceServer> server = Optional.empty();

  HttpTransport(TransportSettings.Http settings, HeldDevices<DfuDevice> devices, Threads threads) {
    this.settings = settings;
    this.devices = devices;
    this.threads = threads;
  }

  @Override
  public void open() throws IOException {
    server =
        Optional.of(
            DeviceServer.open(
                new DeviceServer.Terms(
                    "drogue.listen", settings.listen(), tls(), "drogue-http", MAX_EXCHANGES),
                this::handle,
                threads));
    LOG.log(Level.INFO, "Devices may post to {0}{1}", settings, PATH);
  }

  private Optional<SSLContext> tls() throws IOException {
    return settings.identity().isPresent()
        ? Optional.of(TlsContext.of(new TlsSettings(Optional.empty(), settings.identity())))
        : Optional.empty();
  }

  @Override
  public void close() {
    server.ifPresent(DeviceServer::close);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getRawPath().equals(PATH)) {
        refuse(exchange, 404);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        refuse(exchange, 405);
      } else {
        post(exchange);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The server is closed");
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    LOG.log(
        Level.DEBUG,
        "{0} {1} of {2} is answered with {3}",
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        exchange.getRemoteAddress(),
        status);
    exchange.sendResponseHeaders(status, -1);
  }

  private void post(HttpExchange exchange) throws IOException, InterruptedException {
    String login =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    Optional<DfuDevice> device =
        behalf(exchange)
            .or(() -> user(login).map(HttpTransport::device))
            .flatMap(name -> devices.device(name, login));
    if (device.isEmpty()) {
      refuse(exchange, 403);
      return;
    }
    byte[] status = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      send(exchange, device.get().answer(status));
    } catch (FormatException e) {
      refuse(exchange, 400);
    }
  }

  private static void send(HttpExchange exchange, byte[] command) throws IOException {
    exchange.getResponseHeaders().set("command", "dfu");
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange.sendResponseHeaders(200, command.length);
    exchange.getResponseBody().write(command);
  }

  /** The device for which another speaks. */
  private static Optional<String> behalf(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).stream()
        .flatMap(query -> Stream.of(query.split("&")))
        .filter(part -> part.startsWith(BEHALF))
        .flatMap(part -> decode(part.substring(BEHALF.length())).stream())
        .findFirst();
  }

  /** The name in a login, for example {@code meter-1@meters}. */
  private static Optional<String> user(String login) {
    if (!login.startsWith(BASIC)) {
      return Optional.empty();
    }
    try {
      byte[] text = Base64.getDecoder().decode(login.substring(BASIC.length()));
      return Optional.of(new String(text, StandardCharsets.UTF_8).split(":", 2)[0]);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String device(String user) {
    String name = user.substring(0, user.contains("@") ? user.lastIndexOf('@') : user.length());
    return decode(name).orElse(name);
  }

  private static Optional<String> decode(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
