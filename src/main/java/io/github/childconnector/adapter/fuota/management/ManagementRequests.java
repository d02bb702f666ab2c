package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.DeviceRequest;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Image;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.RefusedException;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers scripts as the reference server does:
 *
 * <pre>
 * GET    /devices                     200 "00001","0.1.0","fw.bin"
 * GET    /devices/00001?app_ver=0.1.0 200 fw.bin, 204, 400, 404
 * PUT    /devices/00001               200, 400        (the body is used: "00001","0.1.0","fw.bin")
 * DELETE /devices/00001               200, 404
 * GET    /files/fw.bin                200, 404
 * PUT    /files/fw.bin                200
 * </pre>
 *
 * <p>What that server would do and this does not is answered with 409, 413, 422 or 507, and a
 * sentence.
 */
final class ManagementRequests implements DeviceServer.Answers {
  private static final System.Logger LOG = System.getLogger(ManagementRequests.class.getName());
  private static final String DEVICES = "/devices";
  private static final String FILES = "/files";
  private static final int MAX_ROW = 4096;
  private static final long DRAINED = 64 << 20;
  private static final String FIELD = "(?:\"([^\"\\p{Cntrl}]*)\"|([^\",\\p{Cntrl}]*))";
  private static final Pattern ROW =
      Pattern.compile(FIELD + "," + FIELD + "," + FIELD + "(?:\r?\n)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}");

  private final String header;
  private final ManagedFirmware firmware;
  private final ManagementServer server;

  ManagementRequests(String header, ManagedFirmware firmware, ManagementServer server) {
    this.header = header;
    this.firmware = firmware;
    this.server = server;
  }

  @Override
  public void answer(DeviceRequest request) throws IOException {
    if (!BasicLogin.isSame(header, request.login())) {
      request.deny();
      return;
    }
    try {
      route(request, request.method(), request.path().replaceFirst("/+$", ""));
    } catch (RefusedException e) {
      String why = String.valueOf(e.getMessage());
      LOG.log(Level.WARNING, "By management: {0} is refused: {1}", request.target(), why);
      // Whoever is still sending would not read why it was refused.
      boolean unused = request.isOverWithin(DRAINED);
      answer(request, e.status(), "text/plain", why + "\n");
    }
  }

  private static void answer(DeviceRequest request, int status, String type, String text)
      throws IOException {
    request.answer(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private void route(DeviceRequest request, String method, String path)
      throws IOException, RefusedException {
    if (!method.matches("GET|PUT|DELETE")) {
      request.end(501);
    } else if (path.equals(DEVICES) || path.startsWith(DEVICES + "/")) {
      devices(request, method, path.substring(DEVICES.length()));
    } else if (!method.equals("DELETE") && (path.equals(FILES) || path.startsWith(FILES + "/"))) {
      files(request, method, path.substring(FILES.length()));
    } else {
      request.end(404);
    }
  }

  private void devices(DeviceRequest request, String method, String rest)
      throws IOException, RefusedException {
    String id = rest.isEmpty() ? "" : rest.substring(1);
    if (method.equals("GET") && id.isEmpty()) {
      list(request);
    } else if (id.isEmpty() || id.contains("/")) {
      request.end(400);
    } else if (method.equals("GET")) {
      ask(request, id);
    } else if (method.equals("PUT")) {
      putRow(request);
    } else {
      request.end(server.withdraw(id) ? 200 : 404);
    }
  }

  private void list(DeviceRequest request) throws IOException {
    attach(request, "devices.csv");
    String rows =
        firmware.rows().stream()
            .map(row -> "\"" + row.id() + "\",\"" + row.version() + "\",\"" + row.file() + "\"\n")
            .collect(Collectors.joining());
    answer(request, 200, "text/csv", rows);
  }

  private static void attach(DeviceRequest request, String name) {
    request.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  private void ask(DeviceRequest request, String id) throws IOException {
    Optional<String> version = request.value("app_ver");
    Optional<Row> row = firmware.row(id);
    if (version.isEmpty()) {
      request.end(400);
    } else if (row.isEmpty()) {
      request.end(404);
    } else if (!row.get().version().equals(version.get())) {
      request.end(204);
    } else if (firmware.image(row.get().file()).isEmpty()) {
      request.end(404);
    } else {
      answer(request, 200, "text/csv", row.get().file());
    }
  }

  private void putRow(DeviceRequest request) throws IOException, RefusedException {
    byte[] body = request.body().readNBytes(MAX_ROW);
    Matcher row = ROW.matcher(new String(body, StandardCharsets.UTF_8));
    if (row.matches()) {
      server.offer(new Row(field(row, 1), field(row, 3), field(row, 5)));
      request.end(200);
    } else {
      request.end(400);
    }
  }

  private static String field(Matcher row, int quoted) {
    return Optional.ofNullable(row.group(quoted))
        .or(() -> Optional.ofNullable(row.group(quoted + 1)))
        .orElse("");
  }

  private void files(DeviceRequest request, String method, String rest)
      throws IOException, RefusedException {
    String name = rest.isEmpty() ? "" : rest.substring(1);
    if (name.isEmpty() || name.contains("/")) {
      request.end(400);
    } else if (method.equals("GET")) {
      getFile(request, name);
    } else {
      putFile(request, name);
    }
  }

  private void getFile(DeviceRequest request, String name) throws IOException {
    Optional<Image> image = firmware.image(name);
    if (image.isEmpty()) {
      request.end(404);
      return;
    }
    attach(request, name);
    request.set("Content-Type", "application/octet-stream");
    try (InputStream bytes = Files.newInputStream(image.get().path());
        OutputStream to = request.begin(200, image.get().size())) {
      bytes.transferTo(to);
    }
  }

  private void putFile(DeviceRequest request, String name) throws IOException, RefusedException {
    if (!NAME.matcher(name).matches()) {
      throw new RefusedException(
          422, "The name of a file has up to 128 letters, digits and . _ + - only.");
    }
    firmware.put(name, request.body(), server.chips());
    LOG.log(Level.WARNING, "By management: {0} was put", name);
    request.end(200);
  }
}
