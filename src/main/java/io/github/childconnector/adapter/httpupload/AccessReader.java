package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.httpupload.Credentials.Scheme;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Access;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads who we are, whom we trust, and which headers our requests carry. */
final class AccessReader {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\t]]");

  /** Set by the connector or by its HTTP client. */
  private static final Set<String> OURS =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "expect",
          "host",
          "transfer-encoding",
          "upgrade");

  private final AdapterSettings settings;
  private final Words words;

  AccessReader(AdapterSettings settings, Words words) {
    this.settings = settings;
    this.words = words;
  }

  Access read(boolean isSecure) {
    return new Access(credentials(), headers(), trust(isSecure));
  }

  private Credentials credentials() {
    String auth = words.oneOf("auth", "none", "basic", "digest", "bearer");
    Optional<String> username = settings.string("username");
    Optional<Path> password = settings.path("password_file");
    Optional<Path> token = settings.path("token_file");
    boolean named = auth.equals("basic") || auth.equals("digest");
    require("username", username.isPresent(), named, auth);
    require("password_file", password.isPresent(), named, auth);
    require("token_file", token.isPresent(), auth.equals("bearer"), auth);
    if (auth.equals("basic") && username.filter(name -> name.contains(":")).isPresent()) {
      settings.problem("username", "must not hold a colon where auth is \"basic\"");
    }
    return new Credentials(
        Scheme.valueOf(auth.toUpperCase(Locale.ROOT)),
        username.orElse(""),
        password.or(() -> token).map(SecretFile::new));
  }

  private void require(String key, boolean present, boolean wanted, String auth) {
    if (wanted && !present) {
      settings.problem(key, "is missing, because auth is \"" + auth + "\"");
    } else if (present && !wanted) {
      settings.problem(key, "is not used where auth is \"" + auth + "\"; set auth, or remove this");
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = settings.secrets("headers");
    headers.forEach((name, value) -> headerProblem(name, value).ifPresent(this::refuseHeader));
    return headers;
  }

  private void refuseHeader(String sentence) {
    settings.problem("headers", sentence);
  }

  private static Optional<String> headerProblem(String name, String value) {
    if (!HEADER.matcher(name).matches() || CONTROL.matcher(value).find()) {
      return Optional.of(
          "cannot hold \"%s\": a name has letters, digits and -, and a value one line"
              .formatted(name));
    }
    return OURS.contains(name.toLowerCase(Locale.ROOT))
        ? Optional.of("cannot hold \"%s\": it is set by the connector; remove it".formatted(name))
        : Optional.empty();
  }

  private Trust trust(boolean isSecure) {
    Optional<Path> caFile = settings.path("ca_file");
    Optional<String> pin = settings.string("certificate_sha256");
    if (caFile.isPresent() && pin.isPresent()) {
      settings.problem(
          "ca_file", "adds nothing to certificate_sha256, which names the certificate; remove one");
    }
    if (!isSecure) {
      caFile.ifPresent(file -> uselessTrust("ca_file"));
      pin.ifPresent(digest -> uselessTrust("certificate_sha256"));
    }
    return new Trust(
        new TlsSettings(caFile, Optional.empty()), pin.flatMap(this::certificate).map(Sha256::hex));
  }

  private void uselessTrust(String key) {
    settings.problem(key, "counts for https only; begin url with https://, or remove this");
  }

  /** As {@code openssl x509 -fingerprint -sha256} writes it, or without its colons. */
  private Optional<Sha256> certificate(String text) {
    String digits = text.replace(":", "");
    if (Sha256.isValid(digits)) {
      return Optional.of(new Sha256(digits));
    }
    settings.problem(
        "certificate_sha256",
        "must be the SHA-256 of the device's certificate: 64 hexadecimal digits");
    return Optional.empty();
  }
}
