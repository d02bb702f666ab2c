package io.github.childconnector.image;

import io.github.childconnector.net.Authority;
import io.github.childconnector.net.Hosts;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides, before a byte is sent, which addresses may be asked: http and https on an allowed host.
 *
 * <p>A host that always means the machine which says it, as localhost, 127.0.0.1, 0.0.0.0 and ::
 * do, means the machine of whoever wrote the request; where a gateway is named, that machine is the
 * gateway. Thin-edge up to 0.13 writes the address there at which its file server listens.
 */
final class UrlRule {
  private final Set<String> allowedHosts;
  private final Optional<String> gatewayHost;

  UrlRule(DownloadSettings settings) {
    this.allowedHosts = settings.allowedHosts();
    this.gatewayHost = settings.gatewayHost().map(host -> Hosts.parse(host).orElse(host));
  }

  /** The address of a request, if it may be asked. */
  ImageUrl check(String url) throws UpdateException {
    return allow(url, "The image's address %s is refused".formatted(ImageUrl.shown(url)));
  }

  /** The address that {@code from} redirects to, if it may be asked. */
  ImageUrl redirected(ImageUrl from, String location) throws UpdateException {
    String refusal =
        "%s redirects to %s, which is refused".formatted(from, ImageUrl.shown(location));
    URI absolute = from.uri().resolve(parse(location, refusal));
    ImageUrl target = allow(zoned(absolute, from), refusal);
    if (from.isSecure() && !target.isSecure()) {
      throw refused(refusal, "https must not lead to http; correct the file server");
    }
    return target;
  }

  /** An address with the zone again, if it leads to the same host and port. */
  private static String zoned(URI target, ImageUrl from) {
    int zone = from.host().indexOf('%');
    boolean isSame = Objects.equals(target.getRawAuthority(), from.uri().getRawAuthority());
    return zone < 0 || !isSame
        ? target.toString()
        : target.toString().replace("]", from.host().substring(zone) + "]");
  }

  private ImageUrl allow(String url, String refusal) throws UpdateException {
    URI uri = parse(url, refusal);
    Authority authority = requireForm(uri, url, refusal);
    String host = meant(authority.host());
    if (!isAllowed(host)) {
      throw refused(refusal, remedy(host, scheme(uri)));
    }
    Authority meant = new Authority(host, authority.port());
    return new ImageUrl(meant.in(uri, Hosts.inUrl(host)), meant);
  }

  /** The cloud speaks https only, and gives images to nobody but thin-edge's proxy. */
  private static String remedy(String host, String scheme) {
    String remedy =
        "add %s to download.allowed_hosts if images may be fetched from there".formatted(host);
    return scheme.equals("https")
        ? remedy
            + "; if it is the cloud, let thin-edge's proxy fetch it, whose address (c8y.proxy) a request gives as tedgeUrl"
        : remedy;
  }

  /** The host for one that means the machine of whoever wrote the request. */
  private String meant(String asked) {
    if (!Hosts.isThisMachine(asked)) {
      return asked;
    }
    String here = asked.contains(":") ? "::1" : "127.0.0.1";
    return gatewayHost.orElse(Hosts.isAnyAddress(asked) ? here : asked);
  }

  private static URI parse(String url, String refusal) throws UpdateException {
    try {
      return new URI(ImageUrl.encode(Authority.unzoned(url)));
    } catch (URISyntaxException e) {
      throw refused(refusal, "it cannot be read as an address (" + e.getReason() + ")");
    }
  }

  private static String scheme(URI uri) {
    return Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
  }

  private static Authority requireForm(URI uri, String text, String refusal)
      throws UpdateException {
    if (!scheme(uri).equals("http") && !scheme(uri).equals("https")) {
      throw refused(refusal, "only http and https addresses are fetched");
    }
    if (Optional.ofNullable(uri.getRawAuthority()).orElse("").contains("@")) {
      throw refused(refusal, "it holds a user name, which would be sent to the file server");
    }
    return Authority.of(uri, text)
        .orElseThrow(
            () ->
                refused(
                    refusal, "it has no valid host and port; see http.client.host of thin-edge"));
  }

  private boolean isAllowed(String host) {
    return Stream.concat(allowedHosts.stream(), gatewayHost.stream())
        .anyMatch(allowed -> Hosts.isSame(allowed, host));
  }

  private static UpdateException refused(String refusal, String why) {
    return new UpdateException(FailureCode.URL_REFUSED, refusal + ": " + why + ".");
  }
}
