package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.adapter.AdapterProvider;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What check-config prints of a child is accepted again, for every family and each of its forms.
 */
@NullMarked
final class FamilyRoundTripTest {
  private static final Pattern WORDS = Pattern.compile("must be (\".*\") or (\".*\"), not .*");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern MISSING = Pattern.compile(".*\\.([a-z_0-9]+): is missing.*");

  /** What a form asks for besides. */
  private static final Map<String, String> SAMPLES =
      Map.of(
          "application", "'meters'",
          "device", "'/dev/ttyS1'",
          "address", "'192.0.2.1:5000'",
          "username", "'u'",
          "password_file", "'/p'",
          "token_file", "'/t'",
          "ota_key_file", "'/k'",
          "management_username", "'u'",
          "management_password_file", "'/p'");

  /** The same where the sentence does not say that a key is missing. */
  private static final Map<String, Map<String, String>> MORE =
      Map.of(
          "httpupload answer = 'optional'", Map.of("version_url", "'http://192.0.2.1/v'"),
          "sming format = 'ota-signed'", Map.of("address", "'0x2000'"),
          "sming format = 'ota'", Map.of("address", "'0x2000'"));

  private static final KeyTable KEYS = KeyTable.read();

  @TempDir private Path directory = Path.of(".");
  private Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() {
    workplace = workplace(directory);
  }

  private static Workplace workplace(Path directory) {
    return new Workplace(directory).adapters(KeyTable.families().toArray(AdapterProvider[]::new));
  }

  static Stream<Arguments> forms(@TempDir Path directory) {
    Workplace scratch = workplace(directory);
    return FamilyProblemsTest.families()
        .flatMap(
            family ->
                Stream.concat(
                    Stream.of(arguments(family, "", "")),
                    KEYS.of(family).keySet().stream()
                        .sorted()
                        .flatMap(key -> words(scratch, family, key))));
  }

  /** The words that a key takes, which its own sentence names. */
  private static Stream<Arguments> words(Workplace scratch, String family, String key) {
    return problems(scratch, family, with(family, key, "'?'"))
        .map(WORDS::matcher)
        .flatMap(found -> found.results())
        .flatMap(found -> QUOTED.matcher(found.group(1) + found.group(2)).results())
        .map((MatchResult word) -> arguments(family, key, word.group(1)));
  }

  private static Map<String, String> with(String family, String key, String toml) {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : FamilyProblemsTest.minimal(family)) {
      lines.put(line.replaceFirst(" = .*", ""), line.replaceFirst(".*? = ", ""));
    }
    if (!key.isEmpty()) {
      lines.put(key, toml);
    }
    return lines;
  }

  private static Stream<String> problems(
      Workplace workplace, String family, Map<String, String> lines) {
    String settings =
        lines.entrySet().stream()
            .map(line -> line.getKey() + " = " + line.getValue() + "\n")
            .collect(joining());
    return workplace
        .file(
            "connector.toml",
            "[[child]]\nid = 'a'\nadapter = '%s'\n[child.%s]\n%s"
                .formatted(family, family, settings))
        .problems()
        .lines();
  }

  @ParameterizedTest(name = "{0} {1} = {2}")
  @MethodSource("forms")
  void isAcceptedAgainAndMeansTheSame(String family, String key, String word) throws Exception {
    Map<String, String> lines = with(family, key, "'" + word + "'");
    lines.putAll(MORE.getOrDefault("%s %s = '%s'".formatted(family, key, word), Map.of()));
    complete(family, lines);

    String effective = workplace.effective();
    workplace.file("again/connector.toml", effective);

    assertThat(values(workplace.effective("again/connector.toml"))).isEqualTo(values(effective));
  }

  /** Adds what is missing until nothing is. */
  private void complete(String family, Map<String, String> lines) {
    for (int i = 0; i < 9; i++) {
      List<String> wrong = problems(workplace, family, lines).toList();
      if (wrong.isEmpty()) {
        return;
      }
      wrong.forEach(problem -> lines.putAll(sample(problem)));
    }
    fail(problems(workplace, family, lines).collect(joining("\n")));
  }

  private static Map<String, String> sample(String problem) {
    String key = MISSING.matcher(problem).replaceFirst("$1");
    return SAMPLES.containsKey(key) ? Map.of(key, SAMPLES.getOrDefault(key, "")) : Map.of();
  }

  private static List<String> values(String effective) {
    return effective.lines().map(line -> line.replaceFirst(" # .*", "")).toList();
  }

  /** Where a default stands for what is empty, as in what older versions printed. */
  @ParameterizedTest
  @MethodSource("defaults")
  void anEmptyTextOrListIsTheDefault(String family, String key, String usual) throws Exception {
    String toml = usual.startsWith("[") ? "[]" : "''";
    Map<String, String> lines = with(family, key, toml);

    assertThat(problems(workplace, family, lines)).isEmpty();
    assertThat(values(workplace.effective())).contains(key + " = " + usual.replace("the-id", "a"));
  }

  static Stream<Arguments> defaults() {
    return Stream.of(
            "drogue/transport drogue/host drogue/listen drogue/directory drogue/device",
            "sming/host sming/client_id sming/wire_patch sming/format",
            "fuota/listen fuota/directory fuota/device_id",
            "httpupload/method httpupload/form httpupload/field httpupload/file_name",
            "httpupload/answer httpupload/auth httpupload/success_status httpupload/busy_status",
            "module/file_name module/device_type")
        .flatMap(line -> Stream.of(line.split(" ")))
        .map(place -> place.split("/"))
        .map(place -> arguments(place[0], place[1], usual(place[0], place[1])));
  }

  private static String usual(String family, String key) {
    return Objects.requireNonNull(KEYS.of(family).get(key), key).usual();
  }
}
