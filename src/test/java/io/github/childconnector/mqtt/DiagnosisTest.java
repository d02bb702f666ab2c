package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.mqtt.BrokerSocket.UnreachableException;
import io.github.childconnector.mqtt.PacketGate.ForeignPeerException;
import io.github.childconnector.mqtt.PacketGate.Peer;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class DiagnosisTest {
  private final Diagnosis diagnosis = new Diagnosis(settings(Optional.empty()));

  private static MqttSettings settings(Optional<MqttSettings.Login> login) {
    return new MqttSettings("gateway", 1883, "connector", login, Optional.empty(), true);
  }

  @ParameterizedTest(name = "CONNACK {0}: {1}")
  @CsvSource({
    "1, does not speak MQTT 5",
    "132, does not speak MQTT 5",
    "133, set another mqtt.client_id",
    "134, set mqtt.username and mqtt.password_file",
    "135, set mqtt.username and mqtt.password_file",
    "136, busy",
    "137, busy",
    "138, banned",
    "151, MQTT code 151"
  })
  void saysWhatARefusedConnectionNeeds(int code, String remedy) {
    assertThat(diagnosis.refused(code)).startsWith("the broker at gateway:1883").contains(remedy);
  }

  @Test
  void namesTheUserWhoIsRefused() {
    Diagnosis ofUser =
        new Diagnosis(settings(Optional.of(new MqttSettings.Login("child", Optional.empty()))));
    assertThat(ofUser.refused(135)).contains("\"child\"", "mqtt.password_file");
    assertThat(ofUser.notPublished("a", 135)).hasMessageContaining("user \"child\"");
  }

  @ParameterizedTest(name = "DISCONNECT {0}: {1}")
  @CsvSource({
    "142, another client probably uses the client id \"connector\" too",
    "139, is shutting down",
    "152, MQTT code 152"
  })
  void saysWhyTheBrokerEndedAConnection(int code, String reason) {
    assertThat(diagnosis.ended(code)).contains(reason);
  }

  @ParameterizedTest(name = "PUBACK {0}: permanent {1}")
  @CsvSource({
    "128, false",
    "131, false",
    "135, true",
    "144, true",
    "149, true",
    "151, false",
    "153, true"
  })
  void knowsWhichRefusalsOfAMessageArePermanent(int code, boolean permanent) {
    PublishException refused = diagnosis.notPublished("a/b", code);
    assertThat(refused.isPermanent()).isEqualTo(permanent);
    assertThat(refused).hasMessageContainingAll("a/b", Integer.toString(code));
  }

  @Test
  void namesARefusedSubscription() {
    assertThat(diagnosis.subscriptionsRefused(List.of("a/b"), 135))
        .isEqualTo(
            "the broker at gateway:1883 refuses the subscription to a/b (MQTT code 135):"
                + " allow it to client \"connector\" in the broker's ACL");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatAFailedConnectionNeeds(Exception failure, String remedy) {
    assertThat(diagnosis.unreachable(failure)).contains("gateway:1883", remedy);
  }

  private static Stream<Arguments> failures() {
    SSLHandshakeException expired = new SSLHandshakeException("PKIX path validation failed");
    expired.initCause(new CertificateExpiredException());
    return Stream.of(
        Arguments.of(
            new UnreachableException(new ConnectException("Connection refused")), "is it running"),
        Arguments.of(
            new UnreachableException(new NoRouteToHostException("Network is unreachable")),
            "no way to the broker at gateway:1883 (Network is unreachable): check this machine's"
                + " network"),
        Arguments.of(
            new UnreachableException(new SocketTimeoutException("Connect timed out")), "firewall"),
        Arguments.of(new UnreachableException(new UnknownHostException("gateway")), "name service"),
        Arguments.of(new ForeignPeerException(Peer.HTTP), "a web server answers"),
        Arguments.of(new ForeignPeerException(Peer.OLD_BROKER), "does not speak MQTT 5"),
        Arguments.of(new ForeignPeerException(Peer.TLS), "set mqtt.ca_file to its CA"),
        Arguments.of(new ForeignPeerException(Peer.UNKNOWN), "does not speak MQTT at this port"),
        Arguments.of(new SocketException("Connection reset"), "mqtt.ca_file"),
        Arguments.of(expired, "clock"),
        Arguments.of(
            new SSLHandshakeException("No subject alternative names matching IP address"),
            "set mqtt.host to a name it holds"),
        Arguments.of(
            new SSLHandshakeException("Unsupported or unrecognized SSL message"),
            "does not speak TLS"),
        Arguments.of(
            new SSLHandshakeException("Received fatal alert: certificate_required"),
            "set mqtt.cert_file and mqtt.key_file"),
        Arguments.of(new SSLHandshakeException("something else"), "something else"),
        Arguments.of(new IllegalStateException("nonsense"), "MQTT 5"));
  }
}
