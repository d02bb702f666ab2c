package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.DeviceRequest;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
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
 * <p>Else 400, 403, 404, 405 or 503, without a body; devices then try again.
 */
final class HttpTransport extends Transport {
  private static final System.Logger LOG = System.getLogger(HttpTransport.class.getName());
  private static final String PATH = "/v1/dfu";

  /** Far above any status. */
  private static final int LARGEST = 4096;

  private final TransportSettings.Http settings;
  private final Connections open;
  private final MonotonicClock clock;
  private Optional<DeviceServer> server = Optional.empty();

  HttpTransport(TransportSettings.Http settings, Connections open, MonotonicClock clock) {
    super(settings, clock);
    this.open = open;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  void open() throws IOException {
    server =
        Optional.of(
            DeviceServer.open(
                new DeviceServer.Terms(
                    "drogue.listen", settings.listen(), tls(), "drogue-listen", open),
                this::answer,
                clock));
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

  private void answer(DeviceRequest request) throws IOException {
    if (!request.path().equals(PATH)) {
      request.end(404);
    } else if (!request.method().equals("POST")) {
      request.end(405);
    } else {
      post(request);
    }
  }

  private void post(DeviceRequest request) throws IOException {
    Optional<DfuDevice> device =
        behalf(request)
            .or(() -> device(request.login()))
            .flatMap(name -> devices().device(name, request.login()));
    if (device.isEmpty()) {
      request.deny();
      return;
    }
    byte[] status = request.body().readNBytes(LARGEST);
    try {
      answer(request, device.get().answer(status));
    } catch (FormatException e) {
      request.end(400);
    }
  }

  private static void answer(DeviceRequest request, Optional<byte[]> command) throws IOException {
    if (command.isEmpty()) {
      request.end(503);
      return;
    }
    request.set("Command", "dfu");
    request.answer(200, "application/octet-stream", command.get());
  }

  /** The device for which another speaks. */
  private static Optional<String> behalf(DeviceRequest request) {
    return request.query("as").stream()
        .flatMap(name -> DeviceRequest.unescape(name).stream())
        .findFirst();
  }

  /** The name of a device in a login of, for example, {@code meter-1@meters}. */
  private static Optional<String> device(String login) {
    return BasicLogin.username(login)
        .map(user -> user.replaceFirst("@[^@]*$", ""))
        .map(name -> DeviceRequest.unescape(name).orElse(name));
  }
}
