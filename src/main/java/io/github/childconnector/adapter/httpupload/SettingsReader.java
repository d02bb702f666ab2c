package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.answer.JsonPointer;
import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Access;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Limits;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a child's {@code [child.httpupload]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final UrlTemplate NO_URL = new UrlTemplate("http://localhost/");

  private final AdapterSettings settings;
  private final Words words;

  SettingsReader(AdapterSettings settings) {
    this.settings = settings;
    this.words = new Words(settings);
  }

  HttpUploadSettings read() {
    Target target = target();
    StatusSet busy = statuses("busy_status", List.of("409", "503"));
    Optional<VersionQuery> version = version();
    ExpectedAnswer expected = expected(version.isPresent());
    Access access = access(target, version);
    return new HttpUploadSettings(
        target, expected, busy, access, limits(), version, settings.flag("repeatable", false));
  }

  private Access access(Target target, Optional<VersionQuery> version) {
    boolean secure =
        Stream.of(Optional.of(target.url()), target.prepare(), version.map(VersionQuery::url))
            .flatMap(Optional::stream)
            .anyMatch(UrlTemplate::isSecure);
    Access access = new AccessReader(settings, words).read(secure);
    if (target.form().isMultipart()
        && access.headers().keySet().stream().anyMatch("Content-Type"::equalsIgnoreCase)) {
      settings.problem(
          "headers", "cannot hold Content-Type where form is \"multipart\"; remove it");
    }
    return access;
  }

  private Target target() {
    return new Target(
        words.oneOf("method", "POST", "PUT"),
        url("url").orElseGet(this::noUrl),
        url("prepare_url"),
        form());
  }

  private Optional<UrlTemplate> url(String key) {
    Optional<UrlTemplate> url = settings.string(key).map(UrlTemplate::new);
    Optional<String> problem = url.flatMap(UrlTemplate::problem);
    problem.ifPresent(sentence -> settings.problem(key, sentence));
    return problem.isPresent() ? Optional.of(NO_URL) : url;
  }

  /** Stands in for what is missing; a configuration with a problem is never run. */
  private UrlTemplate noUrl() {
    settings.problem(
        "url",
        "is missing; write where the device takes its firmware, for example"
            + " url = \"http://192.168.1.20/update\"");
    return NO_URL;
  }

  private Form form() {
    boolean multipart = words.oneOf("form", "multipart", "raw").equals("multipart");
    Optional<String> field = settings.string("field");
    Optional<String> fileName = settings.string("file_name");
    Map<String, String> fields = settings.secrets("fields");
    field.filter(SettingsReader::hasControl).ifPresent(bad -> control("field"));
    fileName.filter(SettingsReader::hasControl).ifPresent(bad -> control("file_name"));
    fileName.flatMap(ImageValues::problem).ifPresent(it -> settings.problem("file_name", it));
    fields.values().stream()
        .flatMap(value -> ImageValues.problem(value).stream())
        .forEach(sentence -> settings.problem("fields", sentence));
    if (!multipart && !(field.isEmpty() && fileName.isEmpty() && fields.isEmpty())) {
      settings.problem(
          "form", "is \"raw\", which has no field, file_name or fields; remove them, or this");
    }
    return new Form(multipart, field.orElse("firmware"), fileName.orElse("firmware.bin"), fields);
  }

  private static boolean hasControl(String text) {
    return CONTROL.matcher(text).find();
  }

  private void control(String key) {
    settings.problem(key, "holds a control character; remove it");
  }

  private ExpectedAnswer expected(boolean canSeeVersions) {
    boolean optional = words.oneOf("answer", "expected", "optional").equals("optional");
    if (optional && !canSeeVersions) {
      settings.problem(
          "answer",
          "is \"optional\", so that only the version can show a success; set version_url");
    }
    return new ExpectedAnswer(
        statuses("success_status", List.of("2xx")),
        pattern("success_pattern", -1),
        pattern("failure_pattern", -1),
        optional);
  }

  private StatusSet statuses(String key, List<String> byDefault) {
    List<String> statuses = settings.strings(key).orElse(byDefault);
    statuses.stream()
        .filter(word -> !StatusSet.isValid(word))
        .forEach(
            word ->
                settings.problem(
                    key,
                    "holds \""
                        + word
                        + "\"; write statuses such as [\"200\", \"204\"] or \"2xx\""));
    return new StatusSet(statuses);
  }

  private Optional<SearchPattern> pattern(String key, int groups) {
    Optional<SearchPattern> pattern = settings.string(key).map(SearchPattern::new);
    Optional<String> problem = pattern.flatMap(it -> it.problem(groups));
    problem.ifPresent(sentence -> settings.problem(key, sentence));
    return problem.isPresent() ? Optional.empty() : pattern;
  }

  private Optional<VersionQuery> version() {
    Optional<UrlTemplate> url = url("version_url");
    Optional<String> text = settings.string("version_pointer");
    Optional<JsonPointer> pointer = text.flatMap(JsonPointer::parse);
    VersionFinder finder = new VersionFinder(pointer, pattern("version_pattern", 1));
    if (text.isPresent() && pointer.isEmpty()) {
      settings.problem(
          "version_pointer", "is no JSON pointer; write one such as \"/StatusFWR/Version\"");
    }
    if (url.filter(it -> ImageValues.isFilled(it.text())).isPresent()) {
      settings.problem("version_url", "holds a placeholder, which has no value here; remove it");
      url = Optional.of(NO_URL);
    }
    if (url.isEmpty() && !finder.isPlain()) {
      settings.problem(
          "version_url",
          "is missing, but version_pointer or version_pattern is there; write where the device"
              + " tells its version");
    }
    return url.map(it -> new VersionQuery(it, finder));
  }

  private Limits limits() {
    return new Limits(
        words.time("connect_timeout", Duration.ofSeconds(10)),
        words.time("stall_timeout", Duration.ofSeconds(30)),
        words.time("answer_timeout", Duration.ofSeconds(60)));
  }
}
