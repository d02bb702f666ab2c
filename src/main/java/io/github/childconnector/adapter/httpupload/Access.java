package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.http.HttpClients.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The credentials we show, whom we trust, and what each request carries; none of it is shown.
 *
 * @param secret the password or token, read from its file when it is needed
 */
record Access(
    Scheme scheme,
    String username,
    Optional<SecretFile> secret,
    Map<String, String> headers,
    Trust trust) {

  /** The characters of one line of Latin-1. */
  private static final Pattern IN_A_HEADER = Pattern.compile("[\t -~\u0080-\u00ff]*");

  /** The ways to say who we are. */
  enum Scheme {
    NONE,
    BASIC,
    DIGEST,
    BEARER
  }

  Access {
    headers = Map.copyOf(headers);
  }

  /** Whether the value of a header can hold a text; the HTTP client would quote it to refuse it. */
  static boolean isForHeaders(String text) {
    return IN_A_HEADER.matcher(text).matches();
  }

  /** Makes the authorization for the requests of one call. */
  Authorization authorization() throws IOException {
    String word = secret.isPresent() ? secret.get().read() : "";
    return switch (scheme) {
      case NONE -> (method, target) -> Optional.empty();
      case BASIC -> always("Basic " + base64(username + ":" + word));
      case BEARER -> always("Bearer " + word);
      case DIGEST -> new DigestAuthorization(username, word, DigestAuthorization::randomNonce);
    };
  }

  private static Authorization always(String header) throws IOException {
    if (!isForHeaders(header)) {
      throw new IOException("the token has letters that no header can hold; correct token_file");
    }
    return (method, target) -> Optional.of(header);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "headers " + headers.keySet();
  }

  /** Proves to the device who we are, in the requests of one call. */
  interface Authorization {

    /** The header for a request; empty if there is none, or not yet. */
    Optional<String> header(String method, URI target);

    /** Whether the device has to be asked for a challenge first. */
    default boolean needsChallenge() {
      return false;
    }

    /** Takes a refusal's challenge; whether the same request may be accepted now. */
    default boolean learn(Reply refusal) {
      return false;
    }
  }
}
