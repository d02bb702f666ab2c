package io.github.childconnector.adapter.endpoint;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A request to a server, and the answer to it. */
public record DeviceRequest(HttpExchange exchange) {
  private static final System.Logger LOG = System.getLogger(DeviceRequest.class.getName());

  /** The method, for example {@code GET}. */
  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path as it was sent, escapes and all. */
  public String path() {
    return exchange.getRequestURI().getRawPath();
  }

  /** The header {@code Authorization}; empty if there is none. */
  public String login() {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
  }

  /** The values of a key in the query as they were sent, escapes and all. */
  public List<String> query(String key) {
    return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).stream()
        .flatMap(query -> Stream.of(query.split("&")))
        .filter(part -> part.startsWith(key + "="))
        .map(part -> part.substring(key.length() + 1))
        .toList();
  }

  /**
   * The value of a key in the query, without its escapes: for {@code app_ver=0.1.0+b1} that is
   * {@code 0.1.0+b1}, because devices that escape nothing mean a plus by a plus, and no blank.
   * Empty if the key is not there or more than once, or its value is blank or damaged.
   */
  public Optional<String> value(String key) {
    return Optional.of(query(key))
        .filter(values -> values.size() == 1)
        .flatMap(values -> unescape(values.get(0).replace("+", "%2B")))
        .filter(value -> !value.isBlank());
  }

  /** Returns a value of a query without its escapes; empty if they are damaged. */
  public static Optional<String> unescape(String value) {
    try {
      return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Answers with a status and no body. */
  public void end(int status) throws IOException {
    LOG.log(
        Level.DEBUG,
        "{0} {1} of {2} is answered with {3}",
        method(),
        exchange.getRequestURI(),
        exchange.getRemoteAddress(),
        status);
    exchange.sendResponseHeaders(status, -1);
  }

  /** Answers with a body, and with its length. */
  public void answer(int status, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    // 0 would mean chunks.
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
