package io.github.childconnector.adapter.httpupload;

import static io.github.childconnector.adapter.httpupload.Access.Scheme.BASIC;
import static io.github.childconnector.adapter.httpupload.Access.Scheme.BEARER;
import static io.github.childconnector.adapter.httpupload.Access.Scheme.DIGEST;

import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.httpupload.Access.Scheme;
import io.github.childconnector.adapter.httpupload.ExpectedAnswer.StatusSet;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A child's {@code [child.httpupload]} table. A sample of it is in {@code examples/httpupload}.
 *
 * @param method how the image is sent, POST or PUT
 * @param url where the image goes
 * @param prepare an address that is asked before, for devices that want to be told
 * @param form the form in which the image is sent; empty where it is the whole body
 * @param expected what the device answers when it has taken the image
 * @param busy statuses by which it says that it cannot be updated now
 * @param access how it knows us, and we know it
 * @param limits how long is waited
 * @param version how its version is read
 * @param repeatable whether an upload that was cut off may be done again
 */
record HttpUploadSettings(
    String method,
    UrlTemplate url,
    Optional<UrlTemplate> prepare,
    Optional<Multipart> form,
    ExpectedAnswer expected,
    StatusSet busy,
    Access access,
    Limits limits,
    Optional<VersionQuery> version,
    boolean repeatable) {

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private static final UrlTemplate NO_URL = new UrlTemplate("http://localhost/");

  private static final Kind<UrlTemplate> VERSION_URL =
      UrlTemplate.KIND.unless(
          url ->
              ImageValues.isFilled(url.text())
                  ? Optional.of("holds a placeholder, which has no value here; remove it")
                  : Optional.empty());

  private static final Kind<StatusSet> STATUSES =
      Kinds.TEXTS
          .unless(HttpUploadSettings::objection)
          .as(StatusSet::new, StatusSet::words)
          .shared();

  private static final Kind<String> FILE_NAME = Kinds.LINE.unless(ImageValues::problem);

  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Kind<Scheme> SCHEME =
      Kinds.oneOf(List.of(Scheme.values()), HttpUploadSettings::word);

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

  /** Reads the table, noting all that is wrong with it. */
  static HttpUploadSettings read(Section section) {
    UrlTemplate url =
        section.required(
            "url",
            UrlTemplate.KIND,
            NO_URL,
            "write where the device takes its firmware, for example"
                + " url = \"http://192.168.1.20/update\"");
    Optional<UrlTemplate> prepare = section.optional("prepare_url", UrlTemplate.KIND);
    Optional<Multipart> form = form(section);
    Optional<VersionQuery> version = version(section);
    Access access =
        access(
            section,
            Stream.of(Optional.of(url), prepare, version.map(VersionQuery::url))
                .flatMap(Optional::stream)
                .anyMatch(UrlTemplate::isSecure));
    if (form.isPresent()
        && access.headers().keySet().stream().anyMatch("Content-Type"::equalsIgnoreCase)) {
      section.problem("headers", "cannot hold Content-Type where form is \"multipart\"; remove it");
    }
    return new HttpUploadSettings(
        section.value("method", Kinds.oneOf("POST", "PUT"), "POST"),
        url,
        prepare,
        form,
        expected(section, version.isPresent()),
        section.value("busy_status", STATUSES, new StatusSet(List.of("409", "503"))),
        access,
        limits(section),
        version,
        section.flag("repeatable", false));
  }

  private static Optional<Multipart> form(Section section) {
    if (section.value("form", Kinds.oneOf("multipart", "raw"), "multipart").equals("raw")) {
      requireNoForm(section);
      return Optional.empty();
    }
    Map<String, String> fields = section.secrets("fields");
    fields.values().stream()
        .flatMap(value -> ImageValues.problem(value).stream())
        .forEach(sentence -> section.problem("fields", sentence));
    return Optional.of(
        new Multipart(
            section.value("field", Kinds.LINE, "firmware"),
            section.value("file_name", FILE_NAME, "firmware.bin"),
            fields));
  }

  /** The keys of the other form are read too, to see that nothing is expected of them. */
  private static void requireNoForm(Section section) {
    Optional<String> field = section.optional("field", Kinds.LINE);
    Optional<String> fileName = section.optional("file_name", FILE_NAME);
    Map<String, String> fields = section.secrets("fields");
    if (field.isPresent() || fileName.isPresent() || !fields.isEmpty()) {
      section.problem(
          "form", "is \"raw\", which has no field, file_name or fields; remove them, or this");
    }
  }

  private static ExpectedAnswer expected(Section section, boolean canSeeVersions) {
    String answer = section.value("answer", Kinds.oneOf("expected", "optional"), "expected");
    boolean optional = answer.equals("optional");
    if (optional && !canSeeVersions) {
      section.problem(
          "answer",
          "is \"optional\", so that only the version can show a success; set version_url");
    }
    return new ExpectedAnswer(
        section.value("success_status", STATUSES, new StatusSet(List.of("2xx"))),
        section.optional("success_pattern", SearchPattern.KIND),
        section.optional("failure_pattern", SearchPattern.KIND),
        optional);
  }

  private static Optional<String> objection(List<String> statuses) {
    if (statuses.isEmpty()) {
      return Optional.of("must not be empty");
    }
    return statuses.stream()
        .filter(word -> !StatusSet.isValid(word))
        .findFirst()
        .map(
            word ->
                "holds %s; write statuses such as [\"200\", \"204\"] or \"2xx\""
                    .formatted(Text.quoted(word)));
  }

  private static Optional<VersionQuery> version(Section section) {
    Optional<UrlTemplate> url = section.optional("version_url", VERSION_URL);
    VersionFinder finder = VersionFinder.read(section);
    section.require(
        "version_url",
        url.isPresent() || finder.isPlain(),
        "version_pointer or version_pattern is there; write where the device tells its version");
    return url.map(it -> new VersionQuery(it, finder));
  }

  private static Limits limits(Section section) {
    return new Limits(
        section.duration("connect_timeout", Duration.ofSeconds(10)),
        section.duration("stall_timeout", Duration.ofSeconds(30)),
        section.duration("answer_timeout", Duration.ofSeconds(60)));
  }

  /** Reads who we are, whom we trust, and which headers our requests carry. */
  private static Access access(Section section, boolean isSecure) {
    Scheme auth = section.value("auth", SCHEME, Scheme.NONE);
    Optional<String> username =
        section.optional("username", auth == BASIC ? Kinds.BASIC_USERNAME : USERNAME);
    Optional<Path> password = section.path("password_file");
    Optional<Path> token = section.path("token_file");
    require(section, "username", username.isPresent(), auth);
    require(section, "password_file", password.isPresent(), auth);
    require(section, "token_file", token.isPresent(), auth);
    return new Access(
        auth,
        username.orElse(""),
        password.or(() -> token).map(SecretFile::new),
        headers(section),
        trust(section, isSecure));
  }

  private static String word(Scheme scheme) {
    return scheme.name().toLowerCase(Locale.ROOT);
  }

  private static void require(Section section, String key, boolean present, Scheme auth) {
    boolean wanted = key.equals("token_file") ? auth == BEARER : auth == BASIC || auth == DIGEST;
    if (wanted && !present) {
      section.problem(key, "is missing, because auth is \"" + word(auth) + "\"");
    } else if (present && !wanted) {
      section.problem(
          key, "is not used where auth is \"" + word(auth) + "\"; set auth, or remove this");
    }
  }

  private static Map<String, String> headers(Section section) {
    Map<String, String> headers = section.secrets("headers");
    headers.forEach(
        (name, value) ->
            headerObjection(name, value)
                .ifPresent(sentence -> section.problem("headers", sentence)));
    return headers;
  }

  private static Optional<String> headerObjection(String name, String value) {
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

  private static Trust trust(Section section, boolean isSecure) {
    Optional<Path> caFile = section.path("ca_file");
    Optional<Sha256> pin = section.optional("certificate_sha256", CERTIFICATE);
    if (caFile.isPresent() && pin.isPresent()) {
      section.problem(
          "ca_file", "adds nothing to certificate_sha256, which names the certificate; remove one");
    }
    if (!isSecure) {
      caFile.ifPresent(file -> uselessTrust(section, "ca_file"));
      pin.ifPresent(digest -> uselessTrust(section, "certificate_sha256"));
    }
    return new Trust(new TlsSettings(caFile, Optional.empty()), pin.map(Sha256::hex));
  }

  private static void uselessTrust(Section section, String key) {
    section.problem(key, "is only used with https; begin url with https://, or remove this");
  }

  /**
   * How long is waited.
   *
   * @param connect for the connection
   * @param stall for the device to take some more of the image, or to answer a question
   * @param answer for the answer once it has taken all of it
   */
  record Limits(Duration connect, Duration stall, Duration answer) {}
}
