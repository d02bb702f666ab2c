package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.DeviceRequest;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.ComparedStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
final class DeviceRequests implements DeviceServer.Answers {
  private static final String DEVICES = "/devices/";
  private static final String FILES = "/files/";

  /** Bytes that are sent at a time, as many as TLS takes: many devices may fetch at once. */
  static final int CHUNK = 16 << 10;

  private final HeldDevices<PolledDevice> devices;

  DeviceRequests(HeldDevices<PolledDevice> devices) {
    this.devices = devices;
  }

  @Override
  public void answer(DeviceRequest request) throws IOException {
    // The reference server, and with it its users, takes a slash at the end.
    String path = request.path().replaceFirst("/+$", "");
    if (devices.devices(request.login()).findAny().isEmpty()) {
      request.deny();
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

  private void poll(DeviceRequest request, String id) throws IOException {
    Optional<String> version = request.value("app_ver");
    Optional<PolledDevice> device = devices.device(id, request.login());
    if (id.contains("/") || version.isEmpty()) {
      request.end(400);
    } else if (device.isEmpty()) {
      refuse(request, id);
    } else {
      offer(request, device.get().poll(version.get()));
    }
  }

  private void refuse(DeviceRequest request, String id) throws IOException {
    if (devices.device(id).isPresent()) {
      request.deny();
    } else {
      request.end(404);
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
        devices.devices(request.login()).flatMap(device -> device.offered(file).stream()).findAny();
    if (offer.isPresent() && isUnchanged(offer.get())) {
      send(request, offer.get());
    } else {
      request.end(404);
    }
  }

  /** Spares the flash of the device what could not be sent to its end. */
  private static boolean isUnchanged(OfferedImage offer) {
    try (ComparedStream image = offer.open()) {
      image.requireUnchanged();
      return true;
    } catch (IOException e) {
      offer.spoilt(e);
      return false;
    }
  }

  private static void send(DeviceRequest request, OfferedImage offer) throws IOException {
    request.set("Content-Type", "application/octet-stream");
    try (ComparedStream image = offer.open();
        OutputStream body = request.begin(200, offer.size())) {
      offer.begun();
      copy(image, body, offer);
    } catch (ChangedImageException e) {
      offer.spoilt(e);
    }
  }

  /**
   * Sends an image whose last piece only leaves when all that was sent has the digest that was
   * compared; else the device gets too little, and knows by the end of the connection.
   *
   * <p>The image is taken before its last byte leaves: a device that has all of it polls at once,
   * and another thread may judge that poll before this one goes on.
   */
  static void copy(ComparedStream image, OutputStream body, OfferedImage offer) throws IOException {
    byte[] last = image.readNBytes(CHUNK);
    long sent = 0;
    while (sent + last.length < offer.size()) {
      body.write(last);
      sent += last.length;
      offer.sent(sent);
      last = image.readNBytes(CHUNK);
    }
    sendLast(last, body, offer);
  }

  private static void sendLast(byte[] last, OutputStream body, OfferedImage offer)
      throws IOException {
    int most = Math.max(0, last.length - 1);
    body.write(last, 0, most);
    offer.sent(offer.size());
    offer.taken();
    body.write(last, most, last.length - most);
  }
}
