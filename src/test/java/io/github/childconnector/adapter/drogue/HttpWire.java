package io.github.childconnector.adapter.drogue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** A device that posts its statuses. */
@NullMarked
public final class HttpWire implements Wire {
  private final URI uri;
  private final String login;

  /** Posts to {@code uri} with a login such as {@code meter-1@meters:secret}. */
  public HttpWire(URI uri, String login) {
    this.uri = uri;
    this.login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(login.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public Optional<byte[]> exchange(byte[] status, Duration limit) throws IOException {
    try {
      HttpURLConnection post = post(status);
      return post.getResponseCode() == 200 ? Optional.of(command(post)) : Optional.empty();
    } catch (ConnectException e) {
      return Optional.empty();
    }
  }

  HttpURLConnection post(byte[] status) throws IOException {
    HttpURLConnection post = (HttpURLConnection) uri.toURL().openConnection();
    post.setRequestMethod("POST");
    post.setRequestProperty("Authorization", login);
    post.setReadTimeout(90_000);
    post.setDoOutput(true);
    post.getOutputStream().write(status);
    return post;
  }

  private static byte[] command(HttpURLConnection post) throws IOException {
    if (!"dfu".equals(post.getHeaderField("command")) || post.getContentLength() < 0) {
      throw new IOException("a device would not understand " + post.getHeaderFields());
    }
    try (InputStream in = post.getInputStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {}
}
