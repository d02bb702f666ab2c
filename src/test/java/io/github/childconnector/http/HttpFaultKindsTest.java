package io.github.childconnector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.http.HttpFault.Kind;
import io.github.childconnector.tls.TlsFault.Words;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpFaultKindsTest {
  private static final Words WORDS =
      new Words("the server", "use http", "use its name", "ca", "set one");

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments(
            new ConnectException("connect").initCause(new UnresolvedAddressException()),
            Kind.UNREACHABLE,
            "the host name is not known here"),
        arguments(
            new UnknownHostException("files"), Kind.UNREACHABLE, "the host name is not known here"),
        arguments(
            new HttpConnectTimeoutException("late"),
            Kind.UNREACHABLE,
            "no connection could be made in time (some.key)"),
        arguments(
            new ConnectException("Connection refused"),
            Kind.UNREACHABLE,
            "no connection could be made (Connection refused)"),
        arguments(
            new IOException("sent", new NoRouteToHostException("No route to host")),
            Kind.UNREACHABLE,
            "no connection could be made (No route to host)"),
        arguments(
            new SSLHandshakeException("no path"),
            Kind.INSECURE,
            "no secure connection could be made: TLS with the server failed (no path): see ca"),
        arguments(
            new SSLHandshakeException("Received fatal alert: certificate_required"),
            Kind.UNTRUSTED,
            "no secure connection could be made: the server wants a certificate of ours (TLS alert"
                + " certificate_required): set one"),
        arguments(new IOException("reset"), Kind.BROKEN, "the connection ended (reset)"),
        arguments(new CancellationException(), Kind.BROKEN, "the connection ended"),
        arguments(
            new IllegalArgumentException("length"),
            Kind.UNREADABLE,
            "the answer is no HTTP (length)"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatTheClientThrowsIsSaidInWords(Throwable fault, Kind kind, String why) {
    assertThat(HttpFault.of(fault, "some.key", WORDS)).isEqualTo(new HttpFault(kind, why));
  }

  @Test
  void aConnectionThatEndsSaysHowFarItWas() {
    assertThat(HttpFault.broken(new IOException("reset"), " without an answer"))
        .isEqualTo(new HttpFault(Kind.BROKEN, "the connection ended without an answer (reset)"));
  }
}
