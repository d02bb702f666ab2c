package io.github.childconnector.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
@IntegrationTest
class TlsContextTest {
  private static final String DAMAGED =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  private final Path directory;
  private final Certificates certificates;

  TlsContextTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.certificates = Certificates.authority(directory, "ca");
  }

  @BeforeEach
  void makeServer() throws IOException {
    certificates.sign("server");
  }

  private TlsSettings.Identity server() {
    return new TlsSettings.Identity(
        directory.resolve("server.pem"), directory.resolve("server.key"));
  }

  private static TlsSettings settings(Path trust) {
    return new TlsSettings(Optional.of(trust), Optional.empty());
  }

  private static TlsSettings settings(Path trust, TlsSettings.Identity identity) {
    return new TlsSettings(Optional.of(trust), Optional.of(identity));
  }

  /** Returns the name the server sees after a handshake in which both sides must identify. */
  private String seenBy(TlsSettings server, TlsSettings client) throws Exception {
    try (SSLServerSocket listening =
        (SSLServerSocket)
            TlsContext.of(server)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> peer(listening));
      shake(TlsContext.of(client), listening.getLocalPort());
      return seen.get();
    }
  }

  private static String peer(SSLServerSocket listening) {
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      socket.startHandshake();
      String name = socket.getSession().getPeerPrincipal().getName();
      socket.getOutputStream().write(1);
      return name;
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void shake(SSLContext context, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(90_000);
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "rsa-pss", "ed25519"})
  void showsACertificateOfEveryKind(String algorithm) throws Exception {
    TlsSettings.Identity client = certificates.sign("client", algorithm);
    Path trust = certificates.authority();
    assertThat(seenBy(settings(trust, server()), settings(trust, client))).isEqualTo("CN=client");
  }

  @Test
  void trustsWhateverIsInADirectoryAndSendsTheChain() throws Exception {
    Path trust = Files.createDirectory(directory.resolve("trust"));
    Certificates other = Certificates.authority(directory, "other");
    Files.copy(certificates.authority(), trust.resolve("ca.pem"));
    Files.copy(other.authority(), trust.resolve("1a2b3c4d.0"));
    Files.writeString(trust.resolve("README.pem"), "no certificate, and none needed");
    Files.writeString(trust.resolve("notes.txt"), "-----BEGIN CERTIFICATE-----\nx\n");
    Files.createSymbolicLink(trust.resolve("gone.crt"), trust.resolve("nowhere"));
    TlsSettings.Identity client = other.sign("client");
    assertThat(seenBy(settings(trust, server()), settings(trust, client))).isEqualTo("CN=client");
  }

  @Test
  void trustsEveryCertificateOfAFileWithWordsInBetween() throws Exception {
    Certificates other = Certificates.authority(directory, "other");
    Path both =
        Files.writeString(
            directory.resolve("both.pem"),
            "subject=first\n"
                + Files.readString(other.authority())
                + "\r\nsubject=second\n"
                + Files.readString(certificates.authority()).replace("\n", "\r\n"));
    TlsSettings.Identity client = other.sign("client");
    assertThat(seenBy(settings(both, server()), settings(both, client))).isEqualTo("CN=client");
  }

  @Test
  void doesNotTrustAnotherAuthority() throws Exception {
    Path other = Certificates.authority(directory, "other").authority();
    TlsSettings.Identity client = certificates.sign("client");
    assertThatThrownBy(
            () -> seenBy(settings(certificates.authority(), server()), settings(other, client)))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("PKIX");
  }

  @Test
  void withoutSettingsTheMachinesOwnTrustCounts() throws Exception {
    assertThat(TlsContext.of(new TlsSettings(Optional.empty(), Optional.empty())).getProtocol())
        .isEqualTo("TLS");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'pkey -traditional -in server.key -out other.key', EC PRIVATE KEY",
    "'genrsa -traditional -out other.key 2048', RSA PRIVATE KEY",
    "'pkcs8 -topk8 -in server.key -out other.key -passout pass:x', ENCRYPTED PRIVATE KEY",
    "'rsa -traditional -aes128 -passout pass:x -in rsa.key -out other.key', RSA PRIVATE KEY",
    "'ecparam -name prime256v1 -genkey -out other.key', EC PRIVATE KEY"
  })
  void aKeyInAnotherFormIsRefusedWithTheCommandThatConvertsIt(String command, String form)
      throws Exception {
    certificates.openssl(List.of("genrsa", "-out", "rsa.key", "2048"));
    certificates.openssl(List.of(command.split(" ")));
    Path key = directory.resolve("other.key");
    assertRefused(
        identity(server().certificate(), key),
        "the key in %s is in the form \"%s\"".formatted(key, form),
        "openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pk8".formatted(key, key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec", "rsa:2048"})
  void aKeyOfAnotherCertificateIsRefused(String algorithm) throws Exception {
    TlsSettings.Identity other =
        algorithm.equals("ec") ? certificates.sign("other") : certificates.sign("other", algorithm);
    assertRefused(
        identity(server().certificate(), other.key()),
        "the key in " + other.key(),
        "does not belong",
        server().certificate().toString());
  }

  @Test
  void aFileWithoutAKeyIsRefused() throws Exception {
    Path certificate = server().certificate();
    assertRefused(identity(certificate, certificate), "no private key in " + certificate, "BEGIN");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "empty, '', no PEM certificate in",
    "words, 'these are words', no PEM certificate in",
    "damaged, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', is damaged",
    "nonsense, '-----BEGIN CERTIFICATE-----\n=A=\n-----END CERTIFICATE-----', is damaged"
  })
  void aFileThatHoldsNoCertificateIsRefused(String name, String text, String problem)
      throws Exception {
    Path file = Files.writeString(directory.resolve(name), text);
    assertRefused(settings(file), problem, file.toString());
    assertRefused(identity(file, server().key()), problem, file.toString());
  }

  @Test
  void whatIsNotThereOrMayNotBeReadIsNamed() throws Exception {
    Path gone = directory.resolve("gone.pem");
    assertRefused(settings(gone), "cannot read " + gone, "no such file");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertRefused(settings(empty), "no certificate in " + empty, "*.pem");
    assertRefused(identity(server().certificate(), empty), "cannot read " + empty);
  }

  /** As OpenSSL and mosquitto do. */
  @Test
  void oneDamagedFileOfADirectoryLeavesTheOthersInEffect() throws Exception {
    Path authorities = Files.createDirectory(directory.resolve("authorities"));
    Path damaged = authorities.resolve("damaged.pem");
    Files.writeString(damaged, DAMAGED);
    assertRefused(settings(authorities), damaged.toString(), "is damaged");
    Files.copy(certificates.authority(), authorities.resolve("right.crt"));
    TlsSettings.Identity client = certificates.sign("client");

    assertThat(seenBy(settings(certificates.authority(), server()), settings(authorities, client)))
        .contains("client");
    assertThat(TlsContext.faults(authorities)).hasSize(1).first().asString().contains("damaged");
  }

  @Test
  void whatIsLeftOutIsToldOnceAndAgainWhenItIsChangedOrBack() throws Exception {
    Path authorities = Files.createDirectory(directory.resolve("authorities"));
    Files.copy(certificates.authority(), authorities.resolve("right.crt"));
    Path damaged = Files.writeString(authorities.resolve("damaged.pem"), DAMAGED);
    LeftOut known = new LeftOut();
    try (RecordingLog log = RecordingLog.of(LeftOut.class)) {
      TlsContext.of(settings(authorities), known);
      TlsContext.of(settings(authorities), known);
      assertThat(log.lines()).hasSize(1);

      Files.writeString(authorities.resolve("second.pem"), DAMAGED);
      TlsContext.of(settings(authorities), known);
      assertThat(log.lines()).hasSize(2).last().asString().contains("second.pem");

      Files.move(damaged, authorities.resolve("aside"));
      TlsContext.of(settings(authorities), known);
      Files.move(authorities.resolve("aside"), damaged);
      TlsContext.of(settings(authorities), known);
      assertThat(log.lines()).hasSize(3).last().asString().contains("damaged.pem");
    }
  }

  private static TlsSettings identity(Path certificate, Path key) {
    return new TlsSettings(
        Optional.empty(), Optional.of(new TlsSettings.Identity(certificate, key)));
  }

  private static void assertRefused(TlsSettings settings, String... parts) {
    assertThatThrownBy(() -> TlsContext.of(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(parts);
  }
}
