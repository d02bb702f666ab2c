package io.github.childconnector.adapter.fuota;

import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a server shows devices who it is: by a certificate that was given, or by one that it makes
 * for itself at its first start. The devices have it compiled in, so it is never made anew.
 *
 * @param given the certificate and key of the operator
 * @param name what the devices call the server, which its own certificate is for
 * @param directory where its own certificate lies
 */
record ServerIdentity(Optional<TlsSettings.Identity> given, String name, Path directory) {

  /** Makes the certificate if there is to be an own one that is not there yet. */
  SSLContext context() throws IOException {
    return given.isPresent()
        ? TlsContext.of(new TlsSettings(Optional.empty(), given))
        : own().context();
  }

  /** The certificate's SHA-256, for example {@code 3A:0F:…}. */
  String fingerprint() throws IOException {
    Path file = given.map(TlsSettings.Identity::certificate).orElseGet(() -> own().certificate());
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
    }
  }

  private OwnCertificate own() {
    return new OwnCertificate(name, directory);
  }
}
