package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.adapter.AdapterProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same mistake is told by the same sentence in {@code [mqtt]} and in every family. */
@NullMarked
final class FamilyProblemsTest {
  /** What each family cannot do without. */
  private static final Map<String, List<String>> MINIMAL =
      Map.of(
          "command", List.of("install = ['flash']"),
          "file", List.of("path = '/srv/plc.bin'"),
          "module", List.of("program = '/opt/module'", "directory = '/var/lib/modules'"),
          "drogue", List.of(),
          "fuota", List.of("username = 'u'", "password_file = '/p'", "server_name = 'gateway'"),
          "sming", List.of("app = 'weather'", "listens_to = '4.3'"),
          "httpupload", List.of("url = 'https://192.0.2.1/update'"));

  private static final String ABSOLUTE = "must be an absolute path, one that begins with /, not ";
  private static final String LISTEN =
      "must be an address and a port such as \"192.168.1.1:8080\", not ";
  private static final String HOST =
      "must be a host name or an address, without scheme, port or path, not ";

  @TempDir private Path directory = Path.of(".");
  private Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() {
    workplace =
        new Workplace(directory)
            .file("there.pem", "")
            .adapters(KeyTable.families().toArray(AdapterProvider[]::new));
  }

  /** A value in TOML, the sentence, and the keys where it is wrong. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
            mistake("'gw:1883'", HOST + "\"gw:1883\"", "mqtt/host", "drogue/host", "sming/host"),
            mistake("'tcp://gw'", HOST + "\"tcp://gw\"", "mqtt/host", "drogue/host", "sming/host"),
            mistake("''", "must not be empty", "mqtt/host"),
            mistake(
                "0",
                "must be a number from 1 to 65535, not the number 0",
                "mqtt/port",
                "drogue/port",
                "sming/port"),
            mistake(
                "70000",
                "must be a number from 1 to 65535, not the number 70000",
                "mqtt/port",
                "drogue/port",
                "sming/port"),
            mistake(
                "'1883'",
                "must be a number from 1 to 65535, not \"1883\"",
                "mqtt/port",
                "drogue/port",
                "sming/port"),
            mistake(
                "\"a\\nb\"",
                "must be 1 to 200 characters, none of them a control one, not \"a\\u000ab\"",
                "mqtt/client_id",
                "drogue/client_id",
                "sming/client_id"),
            mistake(
                "'" + "x".repeat(201) + "'",
                "must be 1 to 200 characters, none of them a control one, not \"%s\""
                    .formatted("x".repeat(201)),
                "mqtt/client_id",
                "drogue/client_id",
                "sming/client_id"),
            mistake(
                "'" + "u".repeat(180) + "'",
                "is missing, and what would stand for it is longer than 200 characters; set it",
                "drogue/username->client_id"),
            mistake(
                "' '",
                "must be 1 to 200 characters, none of them a control one, not \" \"",
                "mqtt/client_id",
                "drogue/client_id",
                "sming/client_id"),
            listening(),
            pairs(),
            words(),
            amounts())
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> listening() {
    return Stream.of(
            mistake(
                "'0.0.0.0'",
                LISTEN + "\"0.0.0.0\"",
                "drogue/listen",
                "fuota/listen",
                "fuota/management"),
            mistake(
                "'0.0.0.0:0'",
                LISTEN + "\"0.0.0.0:0\"",
                "drogue/listen",
                "fuota/listen",
                "fuota/management"),
            mistake(
                "'0.0.0.0:70000'",
                LISTEN + "\"0.0.0.0:70000\"",
                "drogue/listen",
                "fuota/listen",
                "fuota/management"),
            mistake(
                "'tcp'\naddress = '0.0.0.0'", LISTEN + "\"0.0.0.0\"", "drogue/transport->address"),
            mistake(
                "'tcp'\naddress = '0.0.0.0:0'",
                LISTEN + "\"0.0.0.0:0\"",
                "drogue/transport->address"),
            mistake(
                "'tcp'\naddress = '0.0.0.0:70000'",
                LISTEN + "\"0.0.0.0:70000\"",
                "drogue/transport->address"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> pairs() {
    return Stream.of(
            mistake(
                "'$DIR/there.pem'",
                "needs key_file too; set both or none",
                "mqtt/cert_file",
                "download/cert_file",
                "drogue/cert_file",
                "sming/cert_file",
                "fuota/certificate_file"),
            mistake(
                "'$DIR/there.pem'",
                "needs cert_file too; set both or none",
                "mqtt/key_file",
                "download/key_file",
                "drogue/key_file",
                "sming/key_file"),
            mistake(
                "'$DIR/there.pem'\nkey_file = '$DIR/there.pem'",
                "needs ca_file too, without which no TLS is spoken",
                "mqtt/cert_file",
                "drogue/cert_file",
                "sming/cert_file"),
            mistake(
                "'$DIR/there.pem'",
                "needs username too",
                "mqtt/password_file",
                "drogue/password_file",
                "sming/password_file"),
            mistake(
                "'\\u007f'".replace("'", "\""),
                "must be one line of text, without line breaks or other control characters, not"
                    + " \"\\u007f\"",
                "mqtt/username",
                "drogue/username",
                "sming/username",
                "httpupload/username",
                "module/device_type"),
            mistake(
                "'5m'",
                "is not less than poll_timeout, so that every update would find the device busy",
                "drogue/idle_poll"),
            mistake(
                "'a:b'",
                "must be a user name without a colon, not \"a:b\"",
                "fuota/username",
                "fuota/management_username"),
            mistake(
                "''",
                "is missing; name a file whose first line is the password",
                "fuota/password_file"),
            mistake(
                "'127.0.0.1:50080'\nmanagement_username = 'u'",
                "is missing; name a file whose first line is the password",
                "fuota/management->management_password_file"),
            mistake(
                "'http'\napplication = 'a'",
                "is missing; name a file whose first line is the password",
                "drogue/transport->password_file"),
            mistake(
                "'http'\napplication = 'a'\npassword_file = '/p'\ndevice = 'gw:1'",
                "is missing, and what would stand for it, \"gw:1@a\", has a colon, with which"
                    + " nobody can log in; set what the device logs in as",
                "drogue/transport->username"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> words() {
    return Stream.of(
            mistake(
                "'PUTT'",
                "must be \"POST\" or \"PUT\", not \"PUTT\"; did you mean \"PUT\"?",
                "httpupload/method"),
            mistake(
                "'samee'",
                "must be \"same\" or \"one less\", not \"samee\"; did you mean \"same\"?",
                "sming/wire_patch"),
            mistake(
                "'x'", "must be \"s\" or \"u\", not \"x\"; did you mean \"s\"?", "sming/channel"),
            mistake(
                "'zigbee'",
                "must be \"raw\", \"ota\", \"ota-signed\" or \"ota-file\", not \"zigbee\"",
                "sming/format"),
            mistake(
                "'zigbee'",
                "must be \"mqtt\", \"drogue-cloud\", \"http\", \"serial\" or \"tcp\", not"
                    + " \"zigbee\"",
                "drogue/transport"),
            mistake(
                "'zigbee'",
                "must be \"none\", \"basic\", \"digest\" or \"bearer\", not \"zigbee\"",
                "httpupload/auth"),
            mistake(
                "'/fw~'",
                "must be a JSON pointer such as \"/firmware/version\", not \"/fw~\"",
                "sming/version_pointer",
                "httpupload/version_pointer"),
            mistake(
                "'(a)(b)'",
                "has 2 groups; put one pair of parentheses around the version, and write (?:…) for"
                    + " others",
                "sming/version_pattern",
                "httpupload/version_pattern"),
            mistake(
                "'('",
                "is no regular expression: Unclosed group",
                "sming/version_pattern",
                "httpupload/version_pattern",
                "httpupload/success_pattern"),
            mistake(
                "'flash'",
                "must be a list such as [\"program\", \"argument\"], not \"flash\"",
                "command/install",
                "command/rollback",
                "file/after",
                "file/read_version",
                "module/read_version"),
            mistake(
                "['{image}']",
                "starts with a program whose name holds a placeholder; name the program itself and"
                    + " use placeholders in its arguments only",
                "command/install",
                "file/after",
                "module/read_version"),
            mistake(
                "{ A = 1 }",
                "must have a text in quotes for A",
                "command/environment",
                "file/environment",
                "module/environment",
                "module/files",
                "httpupload/headers",
                "httpupload/fields"),
            mistake(
                "{ 'A=B' = 'x' }",
                "cannot hold the variable \"A=B\": use letters, digits and _ in its name",
                "command/environment",
                "file/environment",
                "module/environment"),
            mistake(
                "'yes'",
                "must be true or false, without quotes, not \"yes\"",
                "command/repeatable",
                "file/keep_previous",
                "fuota/check_image",
                "sming/retained",
                "httpupload/repeatable"),
            mistake(
                "'x'",
                ABSOLUTE + "\"x\"",
                "mqtt/ca_file",
                "drogue/directory",
                "fuota/directory",
                "sming/ota_key_file",
                "module/program",
                "file/path",
                "command/working_directory",
                "httpupload/token_file"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> amounts() {
    return Stream.of(
            mistake(
                "'0s'",
                "must be from 1s to 30d, not 0s",
                "drogue/poll_timeout",
                "fuota/poll_timeout"),
            mistake(
                "'0s'",
                "must be from 1ms to 30d, not 0s",
                "updates/busy_retry",
                "sming/retain_for",
                "sming/restart_timeout",
                "httpupload/connect_timeout",
                "httpupload/stall_timeout",
                "httpupload/answer_timeout"),
            mistake(
                "'31d'",
                "must be from 1ms to 30d, not 31d",
                "updates/busy_retry",
                "sming/retain_for",
                "httpupload/stall_timeout"),
            mistake(
                "'61s'",
                "must be from 0s to 1m, not 1m1s",
                "command/stop_grace",
                "file/stop_grace",
                "module/stop_grace"),
            mistake("'11s'", "must be from 10ms to 10s, not 11s", "drogue/frame_gap"),
            mistake(
                "5",
                "must be a time such as \"30s\", \"5m\" or \"1h30m\", not the number 5",
                "updates/busy_retry",
                "command/stop_grace",
                "drogue/poll_timeout",
                "fuota/poll_timeout",
                "sming/retain_for",
                "httpupload/stall_timeout"),
            mistake(
                "'17TiB'",
                "must be from 1 to 16TiB, not 17TiB",
                "download/max_size",
                "fuota/slot_size"),
            mistake(
                "'17TiB'",
                "must be from 0 to 16TiB, not 17TiB",
                "download/min_free",
                "drogue/capacity",
                "sming/slot_size"),
            mistake("'5MiB'", "must be from 2 to 4MiB, not 5MiB", "sming/max_size"),
            mistake(
                "'64MB'",
                "must be a size such as \"64MiB\" or \"2GiB\", not \"64MB\"",
                "download/max_size",
                "drogue/capacity",
                "fuota/slot_size",
                "sming/max_size"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> mistake(String toml, String sentence, String... places) {
    return Stream.of(places).map(place -> arguments(place, toml, sentence));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("mistakes")
  void isToldBySameSentence(String place, String toml, String sentence) {
    String section = place.replaceFirst("/.*", "");
    String key = place.replaceFirst(".*/", "").replaceFirst("->.*", "");
    String told = place.replaceFirst(".*(/|->)", "");

    assertThat(problems(section, key, toml).lines())
        .singleElement()
        .asString()
        .endsWith("." + told + ": " + sentence.replace("$DIR", directory.toString()));
  }

  /** Every key there is, with values that no key takes. */
  static Stream<Arguments> everyKey() {
    Stream<Arguments> ofFamilies =
        MINIMAL.keySet().stream()
            .sorted()
            .flatMap(
                family ->
                    KeyTable.read().of(family).keySet().stream()
                        .sorted()
                        .map(key -> arguments(family, key)));
    return Stream.concat(
        Stream.of(
                "host",
                "port",
                "client_id",
                "username",
                "password_file",
                "ca_file",
                "cert_file",
                "key_file")
            .map(key -> arguments("mqtt", key)),
        ofFamilies);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyKey")
  void aWrongTypeIsRefusedOnce(String section, String key) {
    for (String toml : List.of("1979-05-27", "[[1]]", "[7]", "{ a = { b = 1 } }", "-1")) {
      assertThat(problems(section, key, toml).lines())
          .filteredOn(line -> line.contains("." + key + ": "))
          .singleElement()
          .asString()
          .matches(".*: must (be|have|begin) .*");
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void anUnknownKeyIsToldWithTheOneThatWasMeant(String family) {
    String key = KeyTable.read().of(family).keySet().stream().sorted().findFirst().orElseThrow();

    assertThat(problems(family, key + "x", "1"))
        .endsWith(key + "x: unknown key; did you mean \"" + key + "\"?");
  }

  static Stream<String> families() {
    return MINIMAL.keySet().stream().sorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqtt", "drogue", "sming"})
  void aClientIdOfTheMostCharactersIsTaken(String section) {
    assertThat(problems(section, "client_id", "'" + "x".repeat(200) + "'")).isEmpty();
  }

  /** Another transport than the one in use may have been prepared halfway. */
  @Test
  void theAddressOfAnUnusedTransportIsNotLookedAt() {
    assertThat(problems("drogue", "address", "'somewhere'")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatIsEnoughIsEnough(String family) {
    assertThat(problems(family, "", "")).isEmpty();
  }

  /** Each key that is required is missed, also where it is empty. */
  @ParameterizedTest
  @MethodSource("families")
  void whatIsRequiredIsMissed(String family) {
    for (String line : minimal(family)) {
      String key = line.replaceFirst(" = .*", "");
      for (String toml : List.of("", line.contains("[") ? "[]" : "''")) {
        assertThat(problems(family, key, toml).lines())
            .singleElement()
            .asString()
            .matches(".*\\." + key + ": is missing; (name|write) .*");
      }
    }
  }

  static List<String> minimal(String family) {
    return MINIMAL.getOrDefault(family, List.of());
  }

  /** What is wrong where a key of a valid section is set so, or left out. */
  private String problems(String section, String key, String toml) {
    StringBuilder text = new StringBuilder();
    if (MINIMAL.containsKey(section)) {
      text.append("[[child]]\nid = 'a'\nadapter = '%s'\n[child.%s]\n".formatted(section, section));
      minimal(section).stream()
          .filter(line -> !line.startsWith(key + " = "))
          .forEach(line -> text.append(line).append('\n'));
    } else {
      text.append("[%s]\n".formatted(section));
    }
    if (!toml.isEmpty()) {
      text.append(key).append(" = ").append(toml).append('\n');
    }
    if (key.equals("management") && !toml.contains("\n")) {
      text.append("management_username = 'u'\nmanagement_password_file = '/p'\n");
    }
    return workplace.file("connector.toml", text.toString()).problems();
  }
}
