package io.github.childconnector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpClientsTest {
  private static final URI PLAIN = URI.create("http://files.lan/fw");
  private static final URI SECURE = URI.create("https://files.lan/fw");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Trust MACHINE =
      new Trust(new TlsSettings(Optional.empty(), Optional.empty()), Optional.empty());
  private static final Trust NO_FILE =
      new Trust(
          new TlsSettings(Optional.of(Path.of("/no/such.pem")), Optional.empty()),
          Optional.empty());

  private final HttpClients clients = new HttpClients();

  @Test
  void whoeverTrustsTheSameSharesAClient() throws IOException {
    Trust pinned = new Trust(MACHINE.tls(), Optional.of("ab".repeat(32)));
    HttpClient client = clients.of(SECURE, pinned, PATIENCE, Optional.empty());

    assertThat(clients.of(SECURE, pinned, PATIENCE, Optional.empty())).isSameAs(client);
    assertThat(clients.of(SECURE, pinned, PATIENCE.plusSeconds(1), Optional.empty()))
        .isNotSameAs(client);
    assertThat(clients.of(PLAIN, pinned, PATIENCE, Optional.empty())).isNotSameAs(client);
    assertThat(clients.anew().of(SECURE, pinned, PATIENCE, Optional.empty())).isNotSameAs(client);
    assertThat(clients.anew().of(SECURE, pinned, PATIENCE, Optional.empty()).sslContext())
        .isSameAs(client.sslContext());
  }

  @Test
  void plainHttpNeedsNoTrust() throws IOException {
    assertThat(clients.of(PLAIN, NO_FILE, PATIENCE, Optional.empty()))
        .isSameAs(clients.of(PLAIN, MACHINE, PATIENCE, Optional.empty()));
    assertThatThrownBy(() -> clients.of(SECURE, NO_FILE, PATIENCE, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such.pem");
  }

  /** Or a daemon whose trust is changed again and again would keep a thread for each. */
  @Test
  void aTrustThatNobodyAsksForAnyMoreIsForgotten() throws IOException {
    HttpClient used = clients.of(SECURE, pinned(0), PATIENCE, Optional.empty());
    HttpClient left = clients.of(SECURE, pinned(1), PATIENCE, Optional.empty());
    for (int device = 2; device <= HttpClients.MOST + 1; device++) {
      assertThat(clients.of(SECURE, pinned(device), PATIENCE, Optional.empty())).isNotSameAs(left);
      assertThat(clients.of(SECURE, pinned(0), PATIENCE, Optional.empty())).isSameAs(used);
    }
    HttpClient again = clients.of(SECURE, pinned(1), PATIENCE, Optional.empty());

    assertThat(again).isNotSameAs(left);
    assertThat(again.sslContext()).isNotSameAs(left.sslContext());
  }

  private static Trust pinned(int device) {
    return new Trust(MACHINE.tls(), Optional.of("%064x".formatted(device)));
  }

  @Test
  void noProxyIsUsedThatTheMachineKnows() throws IOException {
    ProxySelector machine = ProxySelector.getDefault();
    ProxySelector.setDefault(ProxySelector.of(InetSocketAddress.createUnresolved("proxy", 3128)));
    try {
      assertThat(
              clients
                  .of(PLAIN, MACHINE, PATIENCE, Optional.empty())
                  .proxy()
                  .orElseThrow()
                  .select(PLAIN))
          .containsExactly(Proxy.NO_PROXY);
    } finally {
      ProxySelector.setDefault(machine);
    }
  }

  @Test
  void everyRequestSaysWhoAsks() {
    assertThat(HttpClients.request(PLAIN).build().headers().firstValue("User-Agent"))
        .hasValueSatisfying(name -> assertThat(name).matches("tedge-child-connector(/\\S+)?"));
  }
}
