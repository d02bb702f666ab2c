package io.github.childconnector.config;

import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code cert_file} and {@code key_file}, which make sense together only. */
final class TlsReader {
  private static final String CERT = "cert_file";
  private static final String KEY = "key_file";

  private TlsReader() {}

  /**
   * Reads the client certificate of a section.
   *
   * @param inheritedCert counts only where the section has neither of the two keys
   */
  static Optional<Identity> identity(
      Section section, Optional<Node> inheritedCert, Optional<Node> inheritedKey) {
    boolean own = section.has(CERT) || section.has(KEY);
    Optional<Path> cert =
        section.optional(CERT, Places.FILE, own ? Optional.empty() : inheritedCert);
    Optional<Path> key = section.optional(KEY, Places.FILE, own ? Optional.empty() : inheritedKey);
    requirePair(section, cert.isPresent(), key.isPresent());
    return cert.flatMap(certificate -> key.map(itsKey -> new Identity(certificate, itsKey)));
  }

  private static void requirePair(Section section, boolean cert, boolean key) {
    if (cert != key && !section.isRefused(CERT) && !section.isRefused(KEY)) {
      String present = cert ? CERT : KEY;
      String absent = cert ? KEY : CERT;
      section.problem(present, "needs " + absent + " too; set both or none");
    }
  }
}
