package io.github.childconnector.adapter.httpupload;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The demand of a device in {@code WWW-Authenticate} (RFC 7616).
 *
 * <p>Sample: {@code Digest realm="shelly", qop="auth", nonce="60dc59c6", algorithm=SHA-256}.
 *
 * @param algorithm the name Java has for it
 * @param isProtected whether the answer counts its uses (qop "auth"), which old devices do not know
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

  /** Reads all challenges of a header, which may hold several. */
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
