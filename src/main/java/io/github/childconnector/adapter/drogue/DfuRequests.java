package io.github.childconnector.adapter.drogue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.childconnector.adapter.drogue.wire.FormatException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Statuses as devices post them, each answered at once with a command:
 *
 * <pre>
 * POST /v1/dfu?ct=30              Authorization: Basic, of meter-1@meters and its password
 * POST /v1/dfu?ct=30&amp;as=meter-1   the same of the gateway that speaks for meter-1
 * → 200, command: dfu, Content-Length: 14
 * </pre>
 *
 * <p>Else 400, 403, 404 or 405, without a body; devices then try again.
 */
final class DfuRequests implements HttpHandler {
  static final String PATH = "/v1/dfu";

  private static final Logger LOG = System.getLogger(DfuRequests.class.getName());
  private static final String BASIC = "Basic ";
  private static final String BEHALF = "as=";

  /** Far above any status. */
  private static final int LARGEST = 4096;

  private final Dialogues dialogues;

  DfuRequests(Dialogues dialogues) {
    this.dialogues = dialogues;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getRawPath().equals(PATH)) {
        refuse(exchange, 404);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        refuse(exchange, 405);
      } else {
        post(exchange);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the server is closed");
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
    Optional<Dialogue> dialogue =
        behalf(exchange)
            .or(() -> user(login).map(DfuRequests::device))
            .flatMap(name -> dialogues.of(name, login));
    if (dialogue.isEmpty()) {
      refuse(exchange, 403);
      return;
    }
    byte[] status = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      send(exchange, dialogue.get().answer(status));
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
