package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.Access.Authorization;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

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
    return new DigestUtils(to.algorithm()).digestAsHex(text);
  }

  /**
   * A challenge in {@code WWW-Authenticate} (RFC 7616).
   *
   * <p>Sample: {@code Digest realm="shelly", qop="auth", nonce="60dc59c6", algorithm=SHA-256}.
   *
   * @param algorithm the name Java has for it
   * @param isProtected whether the answer counts its uses (qop "auth"), which old devices do not
   *     know
   */
  record DigestChallenge(
      Map<String, String> parameters, String algorithm, boolean isProtected, boolean isStale) {
    private static final Pattern START = Pattern.compile("(?i)(?:^|,)\\s*Digest\\s+");
    private static final Pattern PARAMETER =
        Pattern.compile(
            "\\G\\s*,?\\s*([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    /** In the order in which they are preferred. */
    private static final List<String> ALGORITHMS = List.of("SHA-256", "MD5");

    /** The strongest one that can be answered. */
    static Optional<DigestChallenge> strongest(List<String> headers) {
      return headers.stream()
          .flatMap(DigestChallenge::all)
          .flatMap(found -> of(found).stream())
          .min(Comparator.comparing(found -> ALGORITHMS.indexOf(found.algorithm)));
    }

    /** The challenges of a header, which may hold several. */
    private static Stream<Map<String, String>> all(String header) {
      return START.matcher(header).results().map(start -> parameters(header, start.end()));
    }

    private static Map<String, String> parameters(String header, int start) {
      Map<String, String> parameters = new HashMap<>();
      Matcher parameter = PARAMETER.matcher(header).region(start, header.length());
      while (parameter.find()) {
        String quoted = parameter.group(2);
        String value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
        parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
      }
      return parameters;
    }

    private static Optional<DigestChallenge> of(Map<String, String> parameters) {
      String algorithm = parameters.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
      Optional<String> qop = Optional.ofNullable(parameters.get("qop"));
      boolean known =
          ALGORITHMS.contains(algorithm) && qop.map(DigestChallenge::isKnown).orElse(true);
      boolean stale = Boolean.parseBoolean(parameters.get("stale"));
      return known && parameters.containsKey("nonce")
          ? Optional.of(new DigestChallenge(parameters, algorithm, qop.isPresent(), stale))
          : Optional.empty();
    }

    private static boolean isKnown(String qop) {
      return SEPARATOR.splitAsStream(qop).anyMatch("auth"::equalsIgnoreCase);
    }

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }

    boolean has(String name) {
      return parameters.containsKey(name);
    }
  }
}
