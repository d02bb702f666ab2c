package io.github.childconnector.adapter.httpupload;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers a device's challenges (RFC 7616, with qop "auth" or, for old devices, without), so that
 * the password itself is never sent.
 */
final class DigestAuthorization implements Authorization {
  private final String username;
  private final String password;
  private final Supplier<String> clientNonces;
  private Optional<DigestChallenge> challenge = Optional.empty();
  private int uses;

  DigestAuthorization(String username, String password, Supplier<String> clientNonces) {
    this.username = username;
    this.password = password;
    this.clientNonces = clientNonces;
  }

  static String randomNonce() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public boolean needsChallenge() {
    return challenge.isEmpty();
  }

  /** Another challenge for the same password would change nothing, unless the first was too old. */
  @Override
  public boolean learn(Reply refusal) {
    Optional<DigestChallenge> offered =
        DigestChallenge.strongest(refusal.headers().allValues("WWW-Authenticate"));
    boolean useful = offered.filter(it -> challenge.isEmpty() || it.isStale()).isPresent();
    if (useful) {
      challenge = offered;
      uses = 0;
    }
    return useful;
  }

  @Override
  public Optional<String> header(String method, URI target) {
    return challenge.map(it -> answer(it, method, requestTarget(target)));
  }

  private static String requestTarget(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  private String answer(DigestChallenge to, String method, String target) {
    String count = "%08x".formatted(++uses);
    String clientNonce = clientNonces.get();
    String ours = hash(to, username + ":" + to.parameter("realm") + ":" + password);
    String theirs = hash(to, method + ":" + target);
    String guard = to.isProtected() ? ":" + count + ":" + clientNonce + ":auth" : "";
    String response = hash(to, ours + ":" + to.parameter("nonce") + guard + ":" + theirs);
    return "Digest username="
        + quoted(username)
        + parameter(to, "realm")
        + parameter(to, "nonce")
        + ", uri="
        + quoted(target)
        + (to.has("algorithm") ? ", algorithm=" + to.algorithm() : "")
        + (to.isProtected() ? ", qop=auth, nc=" + count + ", cnonce=" + quoted(clientNonce) : "")
        + ", response="
        + quoted(response)
        + (to.has("opaque") ? parameter(to, "opaque") : "");
  }

  private static String parameter(DigestChallenge to, String name) {
    return ", " + name + "=" + quoted(to.parameter(name));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String hash(DigestChallenge to, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(to.algorithm());
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
