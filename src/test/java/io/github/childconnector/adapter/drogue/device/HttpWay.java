package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** drogue-device's HttpUpdater: the command is the answer to the post, and an empty one is none. */
final class HttpWay implements Way {
  private static final int LIMIT_MILLIS = 20_000;

  private final URI server;
  private final String authorization;
  private Optional<byte[]> command = Optional.empty();

  HttpWay(URI server, String user, String password) {
    this.server = server;
    byte[] login = (user + ":" + password).getBytes(UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(login);
  }

  @Override
  public void send(byte[] status) throws IOException {
    HttpURLConnection post =
        (HttpURLConnection) server.resolve("/v1/dfu?ct=15").toURL().openConnection();
    post.setConnectTimeout(LIMIT_MILLIS);
    post.setReadTimeout(LIMIT_MILLIS);
    post.setRequestMethod("POST");
    post.setRequestProperty("Authorization", authorization);
    post.setRequestProperty("Content-Type", "application/cbor");
    post.setDoOutput(true);
    post.setFixedLengthStreamingMode(status.length);
    try (OutputStream out = post.getOutputStream()) {
      out.write(status);
    }
    if (post.getContentLength() < 0) {
      throw new IOException("the answer has no Content-Length");
    }
    byte[] body = post.getInputStream().readAllBytes();
    command = Optional.of(body).filter(bytes -> bytes.length > 0);
  }

  @Override
  public Optional<byte[]> receive(Duration limit) {
    Optional<byte[]> received = command;
    drain();
    return received;
  }

  @Override
  public void drain() {
    command = Optional.empty();
  }

  @Override
  public void close() {}
}
