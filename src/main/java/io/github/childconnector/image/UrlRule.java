package io.github.childconnector.image;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, before a byte is sent, which addresses may be asked: http and https on an allowed host.
 *
 * <p>A loopback host means the machine of whoever wrote the request; where a gateway is named, that
 * machine is the gateway.
 */
final class UrlRule {
  private final Set<String> allowedHosts;
  private final Optional<String> gatewayHost;

  UrlRule(DownloadSettings settings) {
    this.allowedHosts = settings.allowedHosts();
    this.gatewayHost = settings.gatewayHost().map(UrlRule::bare);
  }

  /** The address of a request, if it may be asked. */
  ImageUrl check(String url) throws UpdateException {
    return allow(url, "The image's address %s is refused".formatted(ImageUrl.shown(url)));
  }

  /** The address that {@code from} redirects to, if it may be asked. */
  ImageUrl redirected(ImageUrl from, String location) throws UpdateException {
    String refusal =
        "%s redirects to %s, which is refused".formatted(from, ImageUrl.shown(location));
    String absolute = from.uri().resolve(parse(location, refusal)).toString();
    ImageUrl target = allow(absolute, refusal);
    if (from.isSecure() && !target.isSecure()) {
      throw refused(refusal, "https must not lead to http; correct the file server");
    }
    return target;
  }

  private ImageUrl allow(String url, String refusal) throws UpdateException {
    URI uri = parse(url, refusal);
    requireForm(uri, refusal);
    String asked = bare(uri.getHost());
    String host = isLoopback(asked) ? gatewayHost.orElse(asked) : asked;
    if (!isAllowed(host)) {
      throw refused(
          refusal,
          "add %s to download.allowed_hosts if images may be fetched from there".formatted(host));
    }
    return new ImageUrl(withHost(uri, host));
  }

  private static URI parse(String url, String refusal) throws UpdateException {
    try {
      return new URI(ImageUrl.encode(url));
    } catch (URISyntaxException e) {
      throw refused(refusal, "it cannot be read as an address (" + e.getReason() + ")");
    }
  }

  private static void requireForm(URI uri, String refusal) throws UpdateException {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused(refusal, "only http and https addresses are fetched");
    }
    if (Optional.ofNullable(uri.getRawAuthority()).orElse("").contains("@")) {
      throw refused(refusal, "it holds a user name, which would be sent to the file server");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 0xffff) {
      throw refused(refusal, "it has no valid host and port; see http.client.host of thin-edge");
    }
  }

  private boolean isAllowed(String host) {
    return allowedHosts.contains(host) || gatewayHost.filter(host::equals).isPresent();
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.matches("127(\\.\\d{1,3}){3}")
        || host.matches("(0{0,4}:){2,7}0{0,3}1");
  }

  private static String bare(String host) {
    return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
  }

  private static URI withHost(URI uri, String host) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(
        uri.getScheme().toLowerCase(Locale.ROOT)
            + "://"
            + (host.contains(":") ? "[" + host + "]" : host)
            + port
            + uri.getRawPath()
            + query);
  }

  private static UpdateException refused(String refusal, String why) {
    return new UpdateException(FailureCode.URL_REFUSED, refusal + ": " + why + ".");
  }
}
