package io.github.childconnector.adapter.drogue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens, as {@code host:port}: {@code 0.0.0.0:8080}, {@code [::]:8080}, {@code
 * gateway.local:8080}.
 */
record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\s\\[\\]]+):(\\d{1,5})");

  /** Empty if the text has another form, or its port is none. */
  static Optional<ListenAddress> parse(String text) {
    return Optional.of(FORM.matcher(text))
        .filter(Matcher::matches)
        .map(found -> new ListenAddress(found.group(1), Integer.parseInt(found.group(2))))
        .filter(listen -> listen.port >= 1 && listen.port <= 65535);
  }

  /** Looks the host up. */
  InetSocketAddress resolve() throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("drogue.listen: there is no host " + host);
    }
    return address;
  }

  /** Why nobody can listen there. */
  IOException refused(IOException why) {
    return new IOException(
        "drogue.listen: nobody can listen at %s (%s); choose another port, or an address of this machine"
            .formatted(this, why.getMessage()),
        why);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
