package io.github.childconnector.settings;

import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Two keys of which one names a certificate and the other its key, and which make sense together
 * only: {@code cert_file} and {@code key_file}.
 */
public record KeyPair(String certificate, String key) {
  /** The keys as most sections call them. */
  public static final KeyPair USUAL = new KeyPair("cert_file", "key_file");

  /** Reads both; empty where neither is set, or together with a problem. */
  public Optional<Identity> read(Section section, Kind<Path> file) {
    section.together(certificate, key);
    Optional<Path> shown = section.optional(certificate, file);
    Optional<Path> its = section.optional(key, file);
    if (shown.isPresent() != its.isPresent()
        && !section.isRefused(certificate)
        && !section.isRefused(key)) {
      section.problem(
          shown.isPresent() ? certificate : key,
          "needs " + (shown.isPresent() ? key : certificate) + " too; set both or none");
    }
    return shown.flatMap(one -> its.map(other -> new Identity(one, other)));
  }
}
