package io.github.childconnector.adapter.fuota;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.adapter.fuota.management.PolledVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Answers what devices ask, and nothing else:
 *
 * <pre>
 * GET /devices/00001?app_ver=0.1.0  → 200 with the name of a file, 204 if there is none
 * GET /files/0f3a…                  → 200 with the file
 * </pre>
 *
 * <p>Else only 400, 403 and 404, without a body: after any other status the device restarts.
 */
final class DeviceRequests implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(DeviceRequests.class.getName());
  private static final String DEVICES = "/devices/";
  private static final String FILES = "/files/";
  private static final int CHUNK = 64 * 1024;

  private final HeldDevices<PolledDevice> devices;

  DeviceRequests(HeldDevices<PolledDevice> devices) {
    this.devices = devices;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      if (devices.devices(authorization(exchange)).findAny().isEmpty()) {
        refuse(exchange, 403);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        refuse(exchange, 400);
      } else if (path.startsWith(DEVICES)) {
        poll(exchange, path.substring(DEVICES.length()));
      } else if (path.startsWith(FILES)) {
        fetch(exchange, path.substring(FILES.length()));
      } else {
        refuse(exchange, 404);
      }
    }
  }

  private static String authorization(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    LOG.log(
        Level.DEBUG,
        "{0} {1} of {2} is answered with {3}",
        exchange.getRequestMethod(),
        exchange.getRequestURI(),
        exchange.getRemoteAddress(),
        status);
    exchange.sendResponseHeaders(status, -1);
  }

  private void poll(HttpExchange exchange, String id) throws IOException {
    Optional<String> version = PolledVersion.in(exchange.getRequestURI().getRawQuery());
    Optional<PolledDevice> device = devices.device(id, authorization(exchange));
    if (id.contains("/") || version.isEmpty()) {
      refuse(exchange, 400);
    } else if (device.isEmpty()) {
      refuse(exchange, devices.device(id).isPresent() ? 403 : 404);
    } else {
      offer(exchange, device.get().poll(version.get()));
    }
  }

  private static void offer(HttpExchange exchange, Optional<String> file) throws IOException {
    if (file.isEmpty()) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    byte[] name = file.get().getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "text/csv");
    exchange.sendResponseHeaders(200, name.length);
    exchange.getResponseBody().write(name);
  }

  private void fetch(HttpExchange exchange, String file) throws IOException {
    Optional<OfferedImage> offer =
        devices
            .devices(authorization(exchange))
            .flatMap(device -> device.offered(file).stream())
            .findAny()
            .filter(OfferedImage::isIntact);
    if (offer.isEmpty()) {
      refuse(exchange, 404);
    } else {
      send(exchange, offer.get());
    }
  }

  private static void send(HttpExchange exchange, OfferedImage offer) throws IOException {
    try (InputStream image = Files.newInputStream(offer.path())) {
      exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
      exchange.sendResponseHeaders(200, offer.size());
      offer.begun();
      try (OutputStream body = exchange.getResponseBody()) {
        copy(image, body, offer);
      }
    }
  }

  /**
   * The image is taken before its last byte leaves: a device that has all of it polls at once, and
   * another thread may judge that poll before this one goes on.
   */
  static void copy(InputStream image, OutputStream body, OfferedImage offer) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long size = offer.size();
    long sent = 0;
    for (int length = image.read(chunk); length >= 0; length = image.read(chunk)) {
      sent += length;
      boolean isAll = sent == size;
      body.write(chunk, 0, isAll ? length - 1 : length);
      offer.sent(sent);
      if (isAll) {
        offer.taken();
        body.write(chunk, length - 1, 1);
      }
    }
    if (size == 0) {
      offer.taken();
    }
  }
}
