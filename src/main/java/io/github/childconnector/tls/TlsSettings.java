package io.github.childconnector.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The peers to trust, and the certificate that shows who we are.
 *
 * @param trust a PEM file with one or more CA certificates, or a directory of such files; where it
 *     is absent, the machine's own trust store is used
 * @param identity the client certificate to show when asked for one
 */
public record TlsSettings(Optional<Path> trust, Optional<Identity> identity) {

  /**
   * A client certificate with its key.
   *
   * @param certificate PEM file with the certificate, then its chain
   * @param key PEM file with the private key in PKCS#8 form, not encrypted
   */
  public record Identity(Path certificate, Path key) {}
}
