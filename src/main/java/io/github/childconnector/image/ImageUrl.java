package io.github.childconnector.image;

import io.github.childconnector.net.Authority;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that may be asked for an image; only {@link UrlRule} makes one.
 *
 * @param uri the address without a zone, in which {@link URI} may see no host although there is one
 * @param authority the host and port in it
 */
record ImageUrl(URI uri, Authority authority) {
  private static final int MAX_SHOWN = 160;

  /** The parts of RFC 3986, appendix B; the fragment is dropped, since no server sees it. */
  private static final Pattern PARTS =
      Pattern.compile("(?s)((?:[^:/?#]+:)?(?://[^/?#]*)?)([^?#]*)(\\?[^#]*)?(?:#.*)?");

  /** Whatever must not stand in a path or query, a percent sign that encodes nothing included. */
  private static final Pattern ILLEGAL =
      Pattern.compile("(?:%(?![0-9a-fA-F]{2})|[^-A-Za-z0-9._~!$&'()*+,;=:@/?%])+");

  private static final HexFormat HEX = HexFormat.of().withUpperCase().withPrefix("%");

  boolean isSecure() {
    return uri.getScheme().equals("https");
  }

  String host() {
    return authority.host();
  }

  /** The address as people are shown it: without its query, which may hold a secret. */
  @Override
  public String toString() {
    return shown(uri.toString());
  }

  /** Any text that was given as an address, without user name, query and excessive length. */
  static String shown(String url) {
    String shown = url.replaceFirst("(?s)[?#].*", "").replaceFirst("(?s)//[^/]*@", "//");
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "…";
  }

  /**
   * Makes the text of an address fit for {@link URI}, which refuses what thin-edge puts in, child
   * ids as they are, spaces and umlauts included: percent-encodes as UTF-8 what must not stand in a
   * path or query.
   *
   * <pre>
   * http://gw:8000/te/v1/files/gw:device:my child/fw   becomes
   * http://gw:8000/te/v1/files/gw:device:my%20child/fw
   * </pre>
   */
  static String encode(String url) {
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      return url;
    }
    String query = Optional.ofNullable(parts.group(3)).orElse("");
    return parts.group(1) + encoded(parts.group(2)) + encoded(query);
  }

  private static String encoded(String part) {
    return ILLEGAL
        .matcher(part)
        .replaceAll(found -> HEX.formatHex(found.group().getBytes(StandardCharsets.UTF_8)));
  }
}
