package io.github.childconnector.net;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host and port in an address, also where {@link URI} sees no host: {@code tedge_main:8000},
 * {@code [fe80::1%eth0]}.
 *
 * @param host as {@link Hosts} spells it
 * @param port 1 to 65535, or -1 where there is none
 */
public record Authority(String host, int port) {
  private static final Pattern FORM = Pattern.compile("(\\[[^\\]]*]|[^\\[\\]:@]+)(?::(\\d{0,9}))?");

  /** An address with the zone of an interface, as it is or as RFC 6874 writes it. */
  private static final Pattern ZONED =
      Pattern.compile("(?i)(https?://\\[[0-9a-f:.]*)%(?:25)?([^]/?#@\\[%\\s]{1,15})(].*)");

  /** The authority of an address; empty where that has none, a user in it, or no valid one. */
  public static Optional<Authority> of(URI url) {
    Matcher parts = FORM.matcher(Optional.ofNullable(url.getRawAuthority()).orElse(""));
    return parts.matches()
        ? Hosts.parse(parts.group(1))
            .map(host -> new Authority(host, number(parts.group(2))))
            .filter(it -> it.port == -1 || (it.port >= 1 && it.port <= 0xffff))
        : Optional.empty();
  }

  private static int number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits);
  }

  /** The text of an address without a zone, in which {@link URI} takes few letters. */
  public static String unzoned(String url) {
    return ZONED.matcher(url).replaceFirst("$1$3");
  }

  /** The authority of an address that was written as this text, with its zone. */
  public static Optional<Authority> of(URI url, String text) {
    Matcher zoned = ZONED.matcher(text);
    return zoned.matches()
        ? of(url).map(it -> new Authority(it.host + "%" + zoned.group(2), it.port))
        : of(url);
  }

  /** The port that is asked where none is written. */
  public int port(URI url) {
    int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    return port < 0 ? usual : port;
  }

  /** The value of the header {@code Host}. */
  public String header() {
    return Hosts.inUrl(host) + suffix();
  }

  /** The same address with another text for its host, which must be fit for a URL. */
  public URI in(URI url, String otherHost) {
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return URI.create(
        url.getScheme().toLowerCase(Locale.ROOT)
            + "://"
            + otherHost
            + suffix()
            + url.getRawPath()
            + query);
  }

  private String suffix() {
    return port < 0 ? "" : ":" + port;
  }
}
