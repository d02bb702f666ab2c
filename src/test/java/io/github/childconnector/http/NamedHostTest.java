package io.github.childconnector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.image.ScriptedServer;
import io.github.childconnector.net.Authority;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts by names that the JDK's client does not take. */
@IntegrationTest
class NamedHostTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final SystemClock clock = new SystemClock();
  private final HttpClients clients = new HttpClients();

  NamedHostTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void close() {
    clock.close();
  }

  private Terms terms(Optional<Path> trust) {
    Trust who = new Trust(new TlsSettings(trust, Optional.empty()), Optional.empty());
    return new Terms(who, PATIENCE, clock.threads());
  }

  private Exchange<String> ask(String url, Optional<Path> trust) {
    URI uri = URI.create(url);
    return clients.send(
        new Target(uri, Authority.of(uri).orElseThrow()),
        HttpClients.request(uri).build(),
        terms(trust),
        BodyHandlers.ofString());
  }

  private static ScriptedServer.Reply answer() {
    return connection -> connection.text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  }

  /** As the resolver reads 127.1, and {@link URI} sees no host in it. */
  @Test
  void aNameThatOnlyAResolverKnowsIsAskedByItsAddress() throws Exception {
    try (ScriptedServer server = new ScriptedServer(answer())) {
      String host = "127.1:" + URI.create(server.url()).getPort();
      HttpResponse<String> response =
          ask("http://" + host + "/a?b", Optional.empty()).coming().get(60, TimeUnit.SECONDS);

      assertThat(response.body()).isEqualTo("hi");
      assertThat(server.requests().get(0).line()).isEqualTo("GET /a?b HTTP/1.1");
      assertThat(server.requests().get(0).header("host")).contains(host);
      assertThat(server.requests().get(0).header("user-agent")).isPresent();
    }
  }

  @Test
  void whatIsAbandonedIsAskedNoMore() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::hang)) {
      Exchange<String> exchange = ask(server.url(), Optional.empty());
      exchange.abandon();

      assertThat(exchange.coming()).isCancelled();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DNS:tedge_main, tedge_main, true",
    "DNS:Tedge_Main, tedge_main, true",
    "DNS:*.local, esp_board.local, true",
    "DNS:gw.example, gw.example., true",
    "DNS:gw.example, gw.example, true",
    "DNS:tedge_main, other_main, false",
    "DNS:*.local, a.esp_board.local, false",
    "IP:127.0.0.1, tedge_main, false",
    "IP:127.0.0.1, gw.example, false"
  })
  void theCertificateMustBeForTheName(String owner, String name, boolean isTrusted)
      throws Exception {
    Certificates certificates = Certificates.authority(directory, "ca");
    SSLContext identity =
        TlsContext.of(
            new TlsSettings(
                Optional.empty(), Optional.of(certificates.signOwned(owner, "server"))));
    try (ScriptedServer server = new ScriptedServer(identity, answer())) {
      URI url = URI.create(server.url());
      Trust trust = terms(Optional.of(certificates.authority())).trust();
      var client = clients.of(url, trust, PATIENCE, Optional.of(name));
      var request = HttpClients.request(url).build();
      if (isTrusted) {
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hi");
      } else {
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
            .isInstanceOf(IOException.class)
            .hasMessageMatching("(?s).*No (subject alternative|name matching).*");
      }
    }
  }
}
