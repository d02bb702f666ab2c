package io.github.childconnector.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.tls.TlsFault.Words;
import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsFaultTest {
  private static final Words WORDS =
      new Words("the broker", "correct port", "set host", "ca_file", "set cert_file");

  @ParameterizedTest
  @CsvSource({
    "certificate_required, true, wants a certificate of ours, set cert_file",
    "bad_certificate, true, does not accept our certificate, set cert_file",
    "certificate_expired, true, does not accept our certificate, set cert_file",
    "unknown_ca, true, does not trust the CA of our certificate, set cert_file",
    "protocol_version, true, no version of TLS, TLS 1.2 or 1.3",
    "handshake_failure, true, no cipher in common, set cert_file",
    "unrecognized_name, true, does not know the name, set host",
    "internal_error, false, TLS alert internal_error, its log"
  })
  void eachAlertHasItsOwnRemedy(String alert, boolean isLasting, String what, String remedy) {
    TlsFault fault =
        TlsFault.of(new SSLHandshakeException("Received fatal alert: " + alert), WORDS);

    assertThat(fault.sentence()).startsWith("the broker").contains(what, alert, remedy);
    assertThat(fault.isLasting()).isEqualTo(isLasting);
  }

  private static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(new CertificateExpiredException("old"), false, "set this machine's clock"),
        Arguments.of(new CertPathBuilderException("unable"), true, "set ca_file to its CA"),
        Arguments.of(new EOFException(), false, "does it speak TLS at this port? If not, correct"),
        Arguments.of(new SocketException("Connection reset"), false, "does it speak TLS at this"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachCauseHasItsOwnRemedy(Exception cause, boolean isLasting, String remedy) {
    TlsFault fault = TlsFault.of(new SSLException("handshake", cause), WORDS);

    assertThat(fault.sentence()).contains("the broker", remedy);
    assertThat(fault.isLasting()).isEqualTo(isLasting);
  }
}
