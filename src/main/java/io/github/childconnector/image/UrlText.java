package io.github.childconnector.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an address, made fit for {@link java.net.URI}, which refuses what thin-edge puts in:
 * child ids as they are, spaces and umlauts included.
 *
 * <pre>
 * http://gw:8000/te/v1/files/gw:device:my child/fw   becomes
 * http://gw:8000/te/v1/files/gw:device:my%20child/fw
 * </pre>
 */
final class UrlText {
  /** The parts of RFC 3986, appendix B; the fragment is dropped, since no server sees it. */
  private static final Pattern PARTS =
      Pattern.compile("(?s)((?:[^:/?#]+:)?(?://[^/?#]*)?)([^?#]*)(\\?[^#]*)?(?:#.*)?");

  private static final Pattern ENCODED = Pattern.compile("%[0-9a-fA-F]{2}");
  private static final String LEGAL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private UrlText() {}

  /** The same address with what must not stand in a path or query percent-encoded as UTF-8. */
  static String encode(String url) {
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      return url;
    }
    String query = Optional.ofNullable(parts.group(3)).orElse("");
    return parts.group(1) + encoded(parts.group(2)) + encoded(query);
  }

  private static String encoded(String part) {
    StringBuilder text = new StringBuilder();
    Matcher encoded = ENCODED.matcher(part);
    int done = 0;
    while (encoded.find()) {
      appendEncoded(text, part.substring(done, encoded.start()));
      text.append(encoded.group());
      done = encoded.end();
    }
    appendEncoded(text, part.substring(done));
    return text.toString();
  }

  private static void appendEncoded(StringBuilder text, String plain) {
    for (byte value : plain.getBytes(StandardCharsets.UTF_8)) {
      if (isLegal((char) (value & 0xff))) {
        text.append((char) value);
      } else {
        text.append('%').append(HEX.toHexDigits(value));
      }
    }
  }

  private static boolean isLegal(char character) {
    return LEGAL.indexOf(character) >= 0;
  }
}
