package io.github.childconnector.adapter.fuota.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Image;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.RefusedException;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
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
final class ManagementRequests implements HttpHandler {
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
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (isAllowed(exchange)) {
        answer(exchange);
      } else {
        end(exchange, 403);
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      route(exchange, exchange.getRequestURI().getRawPath());
    } catch (RefusedException e) {
      String why = String.valueOf(e.getMessage());
      LOG.log(Level.WARNING, "By management: {0} is refused: {1}", exchange.getRequestURI(), why);
      drain(exchange.getRequestBody());
      send(exchange, e.status(), "text/plain", why + "\n");
    }
  }

  /** Reads on: whoever is still sending would not read why it was refused. */
  private static void drain(InputStream body) throws IOException {
    byte[] chunk = new byte[8192];
    long left = DRAINED;
    for (int read = 0; read >= 0 && left > 0; left -= read) {
      read = body.read(chunk);
    }
  }

  private boolean isAllowed(HttpExchange exchange) {
    String shown =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    return MessageDigest.isEqual(
        header.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }

  private void route(HttpExchange exchange, String path) throws IOException, RefusedException {
    String method = exchange.getRequestMethod();
    if (!method.matches("GET|PUT|DELETE")) {
      end(exchange, 501);
    } else if (path.equals(DEVICES) || path.startsWith(DEVICES + "/")) {
      devices(exchange, method, path.substring(DEVICES.length()));
    } else if (!method.equals("DELETE") && (path.equals(FILES) || path.startsWith(FILES + "/"))) {
      files(exchange, method, path.substring(FILES.length()));
    } else {
      end(exchange, 404);
    }
  }

  private void devices(HttpExchange exchange, String method, String rest)
      throws IOException, RefusedException {
    String id = rest.isEmpty() ? "" : rest.substring(1);
    if (method.equals("GET") && id.isEmpty()) {
      list(exchange);
    } else if (id.isEmpty() || id.contains("/")) {
      end(exchange, 400);
    } else if (method.equals("GET")) {
      ask(exchange, id);
    } else if (method.equals("PUT")) {
      putRow(exchange);
    } else {
      end(exchange, server.withdraw(id) ? 200 : 404);
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Disposition", "attachment; filename=\"devices.csv\"");
    String rows =
        firmware.rows().stream()
            .map(row -> "\"" + row.id() + "\",\"" + row.version() + "\",\"" + row.file() + "\"\n")
            .collect(Collectors.joining());
    send(exchange, 200, "text/csv", rows);
  }

  private void ask(HttpExchange exchange, String id) throws IOException {
    Optional<String> version = PolledVersion.in(exchange.getRequestURI().getRawQuery());
    Optional<Row> row = firmware.row(id);
    if (version.isEmpty()) {
      end(exchange, 400);
    } else if (row.isEmpty()) {
      end(exchange, 404);
    } else if (!row.get().version().equals(version.get())) {
      end(exchange, 204);
    } else if (firmware.image(row.get().file()).isEmpty()) {
      end(exchange, 404);
    } else {
      send(exchange, 200, "text/csv", row.get().file());
    }
  }

  private void putRow(HttpExchange exchange) throws IOException, RefusedException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_ROW);
    Matcher row = ROW.matcher(new String(body, StandardCharsets.UTF_8));
    if (!row.matches()) {
      end(exchange, 400);
      return;
    }
    server.offer(new Row(field(row, 1), field(row, 3), field(row, 5)));
    end(exchange, 200);
  }

  private static String field(Matcher row, int quoted) {
    return Optional.ofNullable(row.group(quoted))
        .or(() -> Optional.ofNullable(row.group(quoted + 1)))
        .orElse("");
  }

  private void files(HttpExchange exchange, String method, String rest)
      throws IOException, RefusedException {
    String name = rest.isEmpty() ? "" : rest.substring(1);
    if (name.isEmpty() || name.contains("/")) {
      end(exchange, 400);
    } else if (method.equals("GET")) {
      getFile(exchange, name);
    } else {
      putFile(exchange, name);
    }
  }

  private void getFile(HttpExchange exchange, String name) throws IOException {
    Optional<Image> image = firmware.image(name);
    if (image.isEmpty()) {
      end(exchange, 404);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange
        .getResponseHeaders()
        .set("Content-Disposition", "attachment; filename=\"" + name + "\"");
    try (InputStream bytes = Files.newInputStream(image.get().path())) {
      exchange.sendResponseHeaders(200, image.get().size());
      bytes.transferTo(exchange.getResponseBody());
    }
  }

  private void putFile(HttpExchange exchange, String name) throws IOException, RefusedException {
    if (!NAME.matcher(name).matches()) {
      throw new RefusedException(
          422, "The name of a file has up to 128 letters, digits and . _ + - only.");
    }
    firmware.put(name, exchange.getRequestBody());
    LOG.log(Level.WARNING, "By management: {0} was put", name);
    end(exchange, 200);
  }

  private static void end(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    // 0 would mean chunks.
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
