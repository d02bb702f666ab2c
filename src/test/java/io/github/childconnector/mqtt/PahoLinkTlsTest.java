package io.github.childconnector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.LeftOut;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
@IntegrationTest
class PahoLinkTlsTest {
  private static final String DAMAGED =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  private static final Set<String> FILTERS = Set.of("a/b");

  private final Path directory;
  private final Certificates certificates;
  private final FastLinks links = new FastLinks();
  private final RecordingListener listener = RecordingListener.acknowledging();

  PahoLinkTlsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.certificates = Certificates.authority(directory, "ca");
  }

  @AfterEach
  void closeLinks() {
    links.close();
  }

  private Mosquitto broker(TlsSettings.Identity server, String... extra) throws IOException {
    String[] lines = {
      "cafile " + certificates.authority(),
      "certfile " + server.certificate(),
      "keyfile " + server.key(),
      String.join("\n", extra)
    };
    return Mosquitto.start(directory, lines);
  }

  private MqttLink start(int port, TlsSettings tls) {
    MqttLink link =
        links.to(
            new MqttSettings(
                "127.0.0.1", port, "connector", Optional.empty(), Optional.of(tls), true));
    link.start(FILTERS, listener);
    return link;
  }

  private TlsSettings trusting() {
    return new TlsSettings(Optional.of(certificates.authority()), Optional.empty());
  }

  @Test
  void sendsAndReceivesWithACertificateOfItsOwnAndComesBack() throws Exception {
    TlsSettings.Identity client = certificates.sign("client");
    try (Mosquitto broker = broker(certificates.sign("server"), "require_certificate true")) {
      MqttLink link =
          start(
              broker.port(),
              new TlsSettings(Optional.of(certificates.authority()), Optional.of(client)));
      listener.awaitUps(1);
      link.publish("a/b", "to myself".repeat(10_000).getBytes(UTF_8));
      assertThat(listener.awaitTexts(1)).containsExactly("to myself".repeat(10_000));
      broker.kill();
      broker.restart();
      listener.awaitUps(2);
      link.publish("a/b", "again".getBytes(UTF_8));
      assertThat(listener.awaitTexts(2)).endsWith("again");
    }
  }

  @Test
  void aBrokerThatWantsACertificateIsTold() throws Exception {
    try (Mosquitto broker = broker(certificates.sign("server"), "require_certificate true")) {
      start(broker.port(), trusting());
      listener.awaitDown(
          "wants a certificate of ours (TLS alert certificate_required): set mqtt.cert_file and");
    }
  }

  @Test
  void anUnknownAuthorityIsTold() throws Exception {
    Path other = Certificates.authority(directory, "other").authority();
    try (Mosquitto broker = broker(certificates.sign("server"))) {
      start(broker.port(), new TlsSettings(Optional.of(other), Optional.empty()));
      listener.awaitDown("no CA known here has signed");
      listener.awaitDown("set mqtt.ca_file to its CA");
    }
  }

  @Test
  void aCertificateOfAnotherHostIsTold() throws Exception {
    try (Mosquitto broker = broker(certificates.signFor("elsewhere", "server"))) {
      start(broker.port(), trusting());
      listener.awaitDown("set mqtt.host to a name it holds");
    }
  }

  @Test
  void aPortWithoutTlsIsTold() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      start(broker.port(), trusting());
      listener.awaitDown(
          "does it speak TLS at this port? If not, correct mqtt.port, or remove mqtt.ca_file");
    }
  }

  @Test
  void aPortWithTlsIsToldToWhoSpeaksPlainly() throws Exception {
    try (Mosquitto broker = broker(certificates.sign("server"))) {
      links.to(broker.settings("connector")).start(FILTERS, listener);
      listener.awaitDown("it may want TLS (mqtt.ca_file)");
    }
  }

  @Test
  void aFileThatIsMissingIsToldAndNeedsNoRestart() throws Exception {
    Path later = directory.resolve("later.pem");
    try (Mosquitto broker = broker(certificates.sign("server"))) {
      start(broker.port(), new TlsSettings(Optional.of(later), Optional.empty()));
      listener.awaitDown("cannot read " + later);
      Files.copy(certificates.authority(), later);
      listener.awaitUps(1);
    }
  }

  @Test
  void aDamagedCertificateAmongTheOthersIsToldOncePerChange() throws Exception {
    Path authorities = Files.createDirectory(directory.resolve("authorities"));
    Files.copy(certificates.authority(), authorities.resolve("right.crt"));
    Path damaged = Files.writeString(authorities.resolve("old.pem"), DAMAGED);
    try (RecordingLog log = RecordingLog.of(LeftOut.class);
        Mosquitto broker = broker(certificates.sign("server"))) {
      start(broker.port(), new TlsSettings(Optional.of(authorities), Optional.empty()));
      listener.awaitUps(1);
      broker.kill();
      broker.restart();
      listener.awaitUps(2);
      assertThat(log.lines()).hasSize(1).first().asString().contains(damaged + " is damaged: ");

      broker.kill();
      Files.setLastModifiedTime(damaged, FileTime.fromMillis(1));
      broker.restart();
      listener.awaitUps(3);
      assertThat(log.lines()).hasSize(2);
    }
  }
}
