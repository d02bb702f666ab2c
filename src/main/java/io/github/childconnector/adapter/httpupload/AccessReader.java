package io.github.childconnector.adapter.httpupload;

import static io.github.childconnector.adapter.httpupload.Access.Scheme.BASIC;
import static io.github.childconnector.adapter.httpupload.Access.Scheme.BEARER;
import static io.github.childconnector.adapter.httpupload.Access.Scheme.DIGEST;

import io.github.childconnector.adapter.httpupload.Access.Scheme;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads who we are, whom we trust, and which headers our requests carry. */
final class AccessReader {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Kind<Scheme> SCHEME =
      Kinds.oneOf(List.of(Scheme.values()), AccessReader::word);

  /** Sent in a header as it is, unlike that of basic. */
  private static final Kind<String> USERNAME =
      Kinds.LINE.unless(
          name ->
              Access.isForHeaders(name)
                  ? Optional.empty()
                  : Optional.of("has letters that no header can hold; use those of Latin-1"));

  /** Takes what {@code openssl x509 -fingerprint -sha256} writes, and that without its colons. */
  private static final Kind<Sha256> CERTIFICATE =
      Kinds.parsed(
              text -> Optional.of(text.replace(":", "")).filter(Sha256::isValid).map(Sha256::new),
              "the SHA-256 of the device's certificate in 64 hexadecimal digits",
              Sha256::hex)
          .shared();

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

  private final Section section;

  AccessReader(Section section) {
    this.section = section;
  }

  Access read(boolean isSecure) {
    Scheme auth = section.value("auth", SCHEME, Scheme.NONE);
    Optional<String> username =
        section.optional("username", auth == BASIC ? Kinds.BASIC_USERNAME : USERNAME);
    Optional<Path> password = section.path("password_file");
    Optional<Path> token = section.path("token_file");
    boolean named = auth == BASIC || auth == DIGEST;
    require("username", username.isPresent(), named, auth);
    require("password_file", password.isPresent(), named, auth);
    require("token_file", token.isPresent(), auth == BEARER, auth);
    return new Access(
        auth,
        username.orElse(""),
        password.or(() -> token).map(SecretFile::new),
        headers(),
        trust(isSecure));
  }

  private static String word(Scheme scheme) {
    return scheme.name().toLowerCase(Locale.ROOT);
  }

  private void require(String key, boolean present, boolean wanted, Scheme auth) {
    if (wanted && !present) {
      section.problem(key, "is missing, because auth is \"" + word(auth) + "\"");
    } else if (present && !wanted) {
      section.problem(
          key, "is not used where auth is \"" + word(auth) + "\"; set auth, or remove this");
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = section.secrets("headers");
    headers.forEach(
        (name, value) ->
            objection(name, value).ifPresent(sentence -> section.problem("headers", sentence)));
    return headers;
  }

  private static Optional<String> objection(String name, String value) {
    if (!HEADER.matcher(name).matches() || !Access.isForHeaders(value)) {
      return Optional.of(
          "cannot hold %s: a name has letters, digits and -, and a value one line of Latin-1"
              .formatted(Text.quoted(name)));
    }
    return OURS.contains(name.toLowerCase(Locale.ROOT))
        ? Optional.of(
            "cannot hold %s: it is set by the connector; remove it".formatted(Text.quoted(name)))
        : Optional.empty();
  }

  private Trust trust(boolean isSecure) {
    Optional<Path> caFile = section.path("ca_file");
    Optional<Sha256> pin = section.optional("certificate_sha256", CERTIFICATE);
    if (caFile.isPresent() && pin.isPresent()) {
      section.problem(
          "ca_file", "adds nothing to certificate_sha256, which names the certificate; remove one");
    }
    if (!isSecure) {
      caFile.ifPresent(file -> uselessTrust("ca_file"));
      pin.ifPresent(digest -> uselessTrust("certificate_sha256"));
    }
    return new Trust(new TlsSettings(caFile, Optional.empty()), pin.map(Sha256::hex));
  }

  private void uselessTrust(String key) {
    section.problem(key, "is only used with https; begin url with https://, or remove this");
  }
}
