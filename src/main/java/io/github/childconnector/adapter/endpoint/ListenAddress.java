package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address at which somebody listens, as {@code host:port}: {@code 0.0.0.0:50443}, {@code
 * [::]:50443}, {@code [fe80::1%br-lan]:5000}, {@code gateway.local:50443}.
 *
 * @param host a name or an address, one of IPv6 in brackets and with its zone if it has one
 * @param port from 1 to 65535
 */
public record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[^\\s\\[\\]]+)?]|[^:\\s\\[\\]]+):(\\d{1,5})");

  /** The kind of value that is such an address. */
  public static final Kind<ListenAddress> KIND =
      Kinds.parsed(
              ListenAddress::parse,
              "an address and a port such as \"192.168.1.1:8080\"",
              ListenAddress::toString)
          .shared();

  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|localhost");

  /** Empty if the text has another form, or its port is none. */
  public static Optional<ListenAddress> parse(String text) {
    return Optional.of(FORM.matcher(text))
        .filter(Matcher::matches)
        .map(found -> new ListenAddress(found.group(1), Integer.parseInt(found.group(2))))
        .filter(listen -> listen.port >= 1 && listen.port <= 65535);
  }

  /** Whether nobody else than this machine can reach it, which no name but one can promise. */
  public boolean isLoopback() {
    return LOOPBACK.matcher(host).matches();
  }

  /** Looks the host up. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
