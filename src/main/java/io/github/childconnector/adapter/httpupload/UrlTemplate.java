package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.net.Authority;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address of the device; what stands for a value of the image is filled in, encoded.
 *
 * <p>Sample: {@code http://192.168.1.20/u2?fsz={size}}.
 */
record UrlTemplate(String text) {
  private static final int MAX_SHOWN = 160;

  /** An address with nothing that may be secret: no query, and no placeholder either. */
  private static final Pattern HARMLESS =
      Pattern.compile("https?://[A-Za-z0-9_.:-]+(/[A-Za-z0-9._/-]*)?");

  /** The kind of value that is such an address; strangers are shown it if it is harmless. */
  static final Kind<UrlTemplate> KIND =
      Kinds.TEXT
          .unless(UrlTemplate::objection)
          .as(UrlTemplate::new, UrlTemplate::text)
          .sharedIf(url -> HARMLESS.matcher(url.text).matches());

  /** Tells what keeps a text from being an address that may be asked. */
  private static Optional<String> objection(String text) {
    try {
      String address = ImageValues.withoutPlaceholders(text);
      return form(new URI(Authority.unzoned(address)), address)
          .or(() -> ImageValues.problem(text))
          .or(() -> placeProblem(text));
    } catch (URISyntaxException e) {
      return Optional.of(
          "is no address (%s); write one such as \"http://192.168.1.20/update\", with %%20 for a space"
              .formatted(e.getReason()));
    }
  }

  private static Optional<String> form(URI uri, String text) {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.of("must begin with http:// or https://");
    }
    if (Optional.ofNullable(uri.getRawAuthority()).orElse("").contains("@")) {
      return Optional.of(
          "holds a user name or password; remove them, and use auth, username and password_file");
    }
    if (Authority.of(uri, text).isEmpty()) {
      return Optional.of("has no valid host and port");
    }
    return uri.getRawFragment() == null
        ? Optional.empty()
        : Optional.of("has a part behind #, which no device sees; remove it");
  }

  private static Optional<String> placeProblem(String text) {
    String host = text.replaceFirst("(?s)^([^/]*//[^/?]*).*", "$1");
    return host.contains("{")
        ? Optional.of("must name the host itself; placeholders may stand behind it only")
        : Optional.empty();
  }

  boolean isSecure() {
    return text.regionMatches(true, 0, "https:", 0, 6);
  }

  /** Whether it has this path, as in {@code /upload}, and no query. */
  boolean hasPath(String path) {
    return text.replaceFirst("^[^/]*//[^/?]*", "").equals(path);
  }

  /** The address with the values of an image. */
  Target fill(ImageValues values) throws IOException {
    return target(values.fill(text, UrlTemplate::encode));
  }

  /** The address of a template without placeholders. */
  Target target() {
    return target(text);
  }

  private static Target target(String address) {
    URI url = URI.create(Authority.unzoned(address));
    return Authority.of(url, address)
        .map(authority -> new Target(url, authority))
        .orElseThrow(() -> new IllegalArgumentException("no valid host and port: " + address));
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** An address as people are shown it: without its query, which may hold a secret. */
  static String shown(Target target) {
    String shown = target.url().toString().replaceFirst("(?s)[?#].*", "");
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "…";
  }
}
