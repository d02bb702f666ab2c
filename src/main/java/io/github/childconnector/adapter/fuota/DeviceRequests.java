package io.github.childconnector.adapter.fuota;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.childconnector.adapter.endpoint.DeviceRequest;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
      DeviceRequest request = new DeviceRequest(exchange);
      String path = request.path();
      if (devices.devices(request.login()).findAny().isEmpty()) {
        request.end(403);
      } else if (!request.method().equals("GET")) {
        request.end(400);
      } else if (path.startsWith(DEVICES)) {
        poll(request, path.substring(DEVICES.length()));
      } else if (path.startsWith(FILES)) {
        fetch(request, path.substring(FILES.length()));
      } else {
        request.end(404);
      }
    }
  }

  private void poll(DeviceRequest request, String id) throws IOException {
    Optional<String> version = request.value("app_ver");
    Optional<PolledDevice> device = devices.device(id, request.login());
    if (id.contains("/") || version.isEmpty()) {
      request.end(400);
    } else if (device.isEmpty()) {
      request.end(devices.device(id).isPresent() ? 403 : 404);
    } else {
      offer(request, device.get().poll(version.get()));
    }
  }

  private static void offer(DeviceRequest request, Optional<String> file) throws IOException {
    if (file.isEmpty()) {
      request.end(204);
    } else {
      request.answer(200, "text/csv", file.get().getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void fetch(DeviceRequest request, String file) throws IOException {
    Optional<OfferedImage> offer =
        devices
            .devices(request.login())
            .flatMap(device -> device.offered(file).stream())
            .findAny()
            .filter(OfferedImage::isIntact);
    if (offer.isEmpty()) {
      request.end(404);
    } else {
      send(request.exchange(), offer.get());
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
