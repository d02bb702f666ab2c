package io.github.childconnector.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts as the JDK does, and also takes the names that it refuses to look for in a certificate:
 * those with an underscore, for example, which Compose and many boards give to their hosts. For
 * these the certificate must hold the very name, or one with {@code *} for its first label, among
 * its alternative names.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;

  private final X509ExtendedTrustManager usual;

  PeerTrust(X509ExtendedTrustManager usual) {
    this.usual = usual;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    Optional<String> name =
        socket instanceof SSLSocket secure && secure.getHandshakeSession() != null
            ? oddName(secure.getHandshakeSession().getPeerHost())
            : Optional.empty();
    if (name.isPresent()) {
      usual.checkServerTrusted(chain, type);
      requireName(chain[0], name.get());
    } else {
      usual.checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    Optional<String> name = oddName(engine.getPeerHost());
    if (name.isPresent()) {
      usual.checkServerTrusted(chain, type);
      requireName(chain[0], name.get());
    } else {
      usual.checkServerTrusted(chain, type, engine);
    }
  }

  /** The name of a host, where the JDK takes it for none; an IPv6 address is no name. */
  private static Optional<String> oddName(@Nullable String host) {
    return Optional.ofNullable(host)
        .filter(name -> !name.contains(":") && !isUsual(name))
        .map(name -> name.toLowerCase(Locale.ROOT));
  }

  private static boolean isUsual(String name) {
    try {
      return !new SNIHostName(name).getAsciiName().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void requireName(X509Certificate certificate, String name)
      throws CertificateException {
    if (names(certificate).noneMatch(held -> fits(held.toLowerCase(Locale.ROOT), name))) {
      // In the words of the JDK, which are put into a sentence elsewhere.
      throw new CertificateException(
          "No subject alternative DNS name matching " + name + " found.");
    }
  }

  private static Stream<String> names(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? Stream.empty()
        : names.stream()
            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
            .map(name -> String.valueOf(name.get(1)));
  }

  private static boolean fits(String held, String name) {
    String parent = name.replaceFirst("^[^.]+", "*");
    return held.equals(name) || (parent.startsWith("*.") && held.equals(parent));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    usual.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    usual.checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    usual.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    usual.checkClientTrusted(chain, type, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return usual.getAcceptedIssuers();
  }
}
