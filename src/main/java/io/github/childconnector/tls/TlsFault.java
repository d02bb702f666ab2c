package io.github.childconnector.tls;

import io.github.childconnector.fault.Causes;
import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why no TLS connection could be made, and what helps.
 *
 * @param isLasting whether only a person can change it, so that another try is useless; a clock is
 *     set by itself, and a server may just be starting
 * @param sentence what is wrong and the remedy, as the end of a sentence
 */
public record TlsFault(boolean isLasting, String sentence) {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

  /**
   * The peer, and the settings that matter, in the words of whoever asks.
   *
   * @param peer for example {@code the broker at gateway:8883}
   * @param elsewhere what to do where the peer speaks no TLS: {@code correct mqtt.port, or remove
   *     mqtt.ca_file}
   * @param renaming what to do where its certificate is for another name: {@code set mqtt.host to a
   *     name it holds}
   * @param trust the setting that names whom to trust
   * @param identity the settings of our own certificate: {@code set mqtt.cert_file and
   *     mqtt.key_file}
   */
  public record Words(
      String peer, String elsewhere, String renaming, String trust, String identity) {}

  /** Puts into words what a TLS connection has thrown. */
  public static TlsFault of(Throwable fault, Words words) {
    String text = Causes.lastMessage(fault).replaceFirst("^ ", "");
    Matcher alert = ALERT.matcher(text);
    if (alert.find()) {
      return ofAlert(alert.group(1).toLowerCase(Locale.ROOT), words);
    }
    if (is(fault, CertificateExpiredException.class, CertificateNotYetValidException.class)) {
      return passing(
          "the certificate of %s is not valid today: renew it, or set this machine's clock", words);
    }
    if (is(fault, CertPathValidatorException.class, CertPathBuilderException.class)
        || text.contains("PKIX")) {
      return lasting(
          "no CA known here has signed the certificate of %s: set " + words.trust + " to its CA",
          words);
    }
    if (text.contains("No subject alternative") || text.contains("No name matching")) {
      return lasting(
          "the certificate of %s is for another name " + text + ": " + words.renaming, words);
    }
    return ofForm(fault, text, words);
  }

  /** A fault of neither certificate: what came was no TLS, or no TLS that is spoken here. */
  private static TlsFault ofForm(Throwable fault, String text, Words words) {
    if (text.contains("unrecognized SSL message")) {
      return lasting("%s does not speak TLS at this port: " + words.elsewhere, words);
    }
    if (is(fault, EOFException.class, SocketException.class)
        || text.contains("terminated the handshake")) {
      return passing(
          "%s ended the connection in the middle of the TLS handshake: does it speak TLS at this port? If not, "
              + words.elsewhere,
          words);
    }
    return passing("TLS with %s failed " + text + ": see " + words.trust, words);
  }

  /** An alert that the peer has sent, by its name in RFC 8446, section 6. */
  private static TlsFault ofAlert(String alert, Words words) {
    String said = " (TLS alert " + alert + ")";
    return switch (alert) {
      case "certificate_required" ->
          lasting("%s wants a certificate of ours" + said + ": " + words.identity, words);
      case "unknown_ca" ->
          lasting(
              "%s does not trust the CA of our certificate"
                  + said
                  + ": give it that CA, or "
                  + words.identity,
              words);
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "access_denied",
          "decrypt_error" ->
          lasting("%s does not accept our certificate" + said + ": " + words.identity, words);
      case "protocol_version" ->
          lasting(
              "%s speaks no version of TLS that is safe" + said + ": let it speak TLS 1.2 or 1.3",
              words);
      case "handshake_failure", "insufficient_security" ->
          lasting(
              "%s and this Java have no cipher in common, or it wants a certificate of ours"
                  + said
                  + ": let it take the usual ciphers of TLS 1.2 or 1.3, or "
                  + words.identity,
              words);
      case "unrecognized_name" ->
          lasting(
              "%s does not know the name it was asked by" + said + ": " + words.renaming, words);
      default -> passing("%s ended the TLS handshake" + said + "; its log says why", words);
    };
  }

  private static TlsFault lasting(String form, Words words) {
    return new TlsFault(true, form.replace("%s", words.peer));
  }

  private static TlsFault passing(String form, Words words) {
    return new TlsFault(false, form.replace("%s", words.peer));
  }

  private static boolean is(Throwable fault, Class<?>... kinds) {
    return Causes.find(fault, kinds).isPresent();
  }
}
