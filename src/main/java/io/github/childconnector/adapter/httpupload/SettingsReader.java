package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.httpupload.ExpectedAnswer.StatusSet;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Limits;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import io.github.childconnector.settings.Text;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a child's {@code [child.httpupload]} table, noting all that is wrong with it. */
final class SettingsReader {
  /** Stands in for what is missing; a configuration with a problem is never run. */
  private static final UrlTemplate NO_URL = new UrlTemplate("http://localhost/");

  private static final Kind<UrlTemplate> VERSION_URL =
      UrlTemplate.KIND.unless(
          url ->
              ImageValues.isFilled(url.text())
                  ? Optional.of("holds a placeholder, which has no value here; remove it")
                  : Optional.empty());

  private static final Kind<StatusSet> STATUSES =
      Kinds.TEXTS.unless(SettingsReader::objection).as(StatusSet::new, StatusSet::words).shared();

  private static final Kind<String> FILE_NAME = Kinds.LINE.unless(ImageValues::problem);

  private final Section section;

  SettingsReader(Section section) {
    this.section = section;
  }

  HttpUploadSettings read() {
    UrlTemplate url =
        section.required(
            "url",
            UrlTemplate.KIND,
            NO_URL,
            "write where the device takes its firmware, for example"
                + " url = \"http://192.168.1.20/update\"");
    Optional<UrlTemplate> prepare = section.optional("prepare_url", UrlTemplate.KIND);
    Optional<Multipart> form = form();
    Optional<VersionQuery> version = version();
    Access access =
        new AccessReader(section)
            .read(
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
        expected(version.isPresent()),
        section.value("busy_status", STATUSES, new StatusSet(List.of("409", "503"))),
        access,
        limits(),
        version,
        section.flag("repeatable", false));
  }

  private Optional<Multipart> form() {
    if (section.value("form", Kinds.oneOf("multipart", "raw"), "multipart").equals("raw")) {
      requireNoForm();
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
  private void requireNoForm() {
    Optional<String> field = section.optional("field", Kinds.LINE);
    Optional<String> fileName = section.optional("file_name", FILE_NAME);
    Map<String, String> fields = section.secrets("fields");
    if (field.isPresent() || fileName.isPresent() || !fields.isEmpty()) {
      section.problem(
          "form", "is \"raw\", which has no field, file_name or fields; remove them, or this");
    }
  }

  private ExpectedAnswer expected(boolean canSeeVersions) {
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

  private Optional<VersionQuery> version() {
    Optional<UrlTemplate> url = section.optional("version_url", VERSION_URL);
    VersionFinder finder = VersionFinder.read(section);
    section.require(
        "version_url",
        url.isPresent() || finder.isPlain(),
        "version_pointer or version_pattern is there; write where the device tells its version");
    return url.map(it -> new VersionQuery(it, finder));
  }

  private Limits limits() {
    return new Limits(
        section.duration("connect_timeout", Duration.ofSeconds(10)),
        section.duration("stall_timeout", Duration.ofSeconds(30)),
        section.duration("answer_timeout", Duration.ofSeconds(60)));
  }
}
