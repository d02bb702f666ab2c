package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers see of a configuration. Whatever is secret contains "s3cret". */
@NullMarked
final class SharedFilesTest {
  /** The keys of the complete example whose kind could hold a secret. */
  private static final String[] HIDDEN = {
    "client_id",
    "username",
    "bus",
    "install",
    "file_name",
    "address",
    "device",
    "application",
    "device_id",
    "app",
    "version_topic",
    "field",
    "payload_type",
    "device_type"
  };

  /** Keys whose value is a host. */
  private static final Set<String> PUBLIC = Set.of("host", "server_name");

  private static final List<String> SECRETS =
      List.of(
          "'s3cret'",
          "'s3cret:s3cret'",
          "'(s3cret\"{s3cret}'",
          "\"s3cret\\u0000\\\"s3cret\"",
          "'[s3cret'",
          "['s3cret', '{s3cret}']",
          "['flash', '/s3cret', 's3cret/{image}', '{s3cret}']",
          "{ 's3cret \"' = 's3cret' }",
          "{ 'KEY s3cret' = 7 }",
          "[['s3cret']]");

  private static final String EXAMPLE = "examples/configuration/connector.toml";

  @TempDir private Path directory = Path.of(".");

  private Path file(String name, String content) throws IOException {
    Path file = directory.resolve("here").resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  private static ConfigLoader loader() {
    return new ConfigLoader(KeyTable.families(), name -> Optional.empty());
  }

  /** What is written for these lines, by the names of the files. */
  private Map<String, String> shared(String content) throws IOException {
    loader().share(file("connector.toml", content), directory.resolve("there"));
    Map<String, String> shared = written();
    assertThat(shared).allSatisfy((name, text) -> assertThat(text).doesNotContain("s3cret"));
    return shared;
  }

  private Map<String, String> written() throws IOException {
    Path there = directory.resolve("there");
    try (Stream<Path> files = Files.walk(there)) {
      return files
          .filter(Files::isRegularFile)
          .collect(toMap(file -> there.relativize(file).toString(), SharedFilesTest::content));
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void leavesSecretsOut() throws IOException {
    String shared =
        shared(
                """
                # the password was s3cret
                [mqtt]
                host = "broker" # not s3cret
                username = "s3cret"
                password = 's3cret'
                password_file = "s3cret"
                client_id = \"""
                s3cret@there\"""
                [[child]]
                id = "plc-1"
                adapter = "command"
                [child.command]
                install = [
                  "/opt/flash", # s3cret
                  "--port", '/dev/ttyS1', "--password", "s3cret",
                  "--pin=s3cret", "-ps3cret", "http://u:s3cret@plc/", "{name}-{version}", "{image}",
                ]
                read_version = ["s3cret with blanks"]
                environment = {
                  PIN = "s3cret \\" s3cret", # s3cret
                  id = "s3cret", 'odd s3cret' = "s3cret" }
                repeatable = true
                stop_grace = "s3cret"
                unknown = { a = "s3cret", NUMBER = 1234567 }
                more = [{ a = "s3cret" }]
                [other.inner]
                'key s3cret' = 1234567
                """)
            .get("etc/connector.toml");

    assertThat(shared)
        .doesNotContain("1234567")
        .isEqualTo(
            """

            [mqtt]
            host = "broker"
            username = "********"
            password = "********"
            password_file = "********"
            client_id = "********"

            [[child]]
            id = "plc-1"
            adapter = "command"
            [child.command]
            install = ["/opt/flash", "********", "********", "********", "********", "********", "********", "********", "********", "{image}"]




            read_version = ["********"]
            environment = { PIN = "********", id = "********", "********" = "********" }


            repeatable = true
            stop_grace = "********"
            [child.command.unknown]
            a = "********"
            NUMBER = "********"
            [[child.command.more]]
            a = "********"
            [other.inner]
            "********" = "********"
            """);
  }

  @Test
  void showsASecretTableOfItsOwnInOneLine() throws IOException {
    assertThat(
            shared(
                """
                [[child]]
                id = 'a'
                adapter = 'command'
                [child.command]
                [child.command.environment]
                bus = 's3cret'
                """))
        .containsEntry(
            "etc/connector.toml",
            """
            [[child]]
            id = "a"
            adapter = "command"
            [child.command]
            environment = { bus = "********" }
            """);
  }

  @Test
  void hidesWhatAModuleFindsAmongItsFiles() throws IOException {
    String shown =
        """
        [[child]]
        id = "a"
        adapter = "module"
        [child.module]
        program = "/opt/module"
        directory = "/var/lib/m"
        """;

    assertThat(
            shared(shown + "meta_data = '{\"pin\": \"s3cret\"}'\nfiles = { token = \"s3cret\" }\n"))
        .containsEntry(
            "etc/connector.toml",
            shown + "meta_data = \"********\"\nfiles = { token = \"********\" }\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "install = [\"/opt/flash\", \"{image}\"\nenvironment = { PIN = \"s3cret\" }",
        "install = [\"/opt/flash]\nenvironment = { PIN = \"s3cret\" }",
        "install = \"\"\ns3cret\n\"\"\"",
        "environment = { PIN = s3cret }",
        "environment = { PIN = \"s3cret }",
        "environment = { PIN \"s3cret\" }",
        "s3cret",
        "[child.command\ninstall = [\"s3cret\"]"
      })
  void showsNothingOfWhatIsNoToml(String broken) throws IOException {
    Map<String, String> shared =
        shared("[storage]\nhistory = 7\n[child.command]\n" + broken + "\nid = \"s3cret\"\n");

    assertThat(shared.get("etc/connector.toml"))
        .startsWith("[storage]\nhistory = 7\n[child.command]")
        .containsPattern("(?m)^# Line [4-8] or what is before it is no TOML");
    assertThat(shared).containsEntry("effective.toml", "");
  }

  @Test
  void showsAddressesOnlyWhereTheyCanHoldNoSecret() throws IOException {
    String shared =
        shared(
                """
                [[child]]
                id = "a"
                adapter = "httpupload"
                [child.httpupload]
                url = "http://192.168.1.20:80/a/update"
                prepare_url = "http://192.168.1.20/start?pwd=s3cret"
                version_url = "http://admin:s3cret@192.168.1.20/version"
                username = "s3cret"
                headers = { X-Token = "s3cret" }
                fields = { pwd = "s3cret" }
                """)
            .get("etc/connector.toml");

    assertThat(shared)
        .contains(
            "url = \"http://192.168.1.20:80/a/update\"\n",
            "prepare_url = \"********\"\n",
            "version_url = \"********\"\n");
  }

  /** Shows each file with its own values, also those that another one overrides. */
  @Test
  void showsAllFiles() throws IOException {
    file("conf.d/10.toml", "mqtt.port = 1884\n[[child]]\nid = 'b'\nadapter = 'drogue'\n");
    file("conf.d/20.toml", "[broken\nkey = 's3cret'\n");

    assertThat(shared("[mqtt]\nport = 1885\nusername = 's3cret'\n"))
        .containsEntry("etc/connector.toml", "[mqtt]\nport = 1885\nusername = \"********\"\n")
        .hasEntrySatisfying(
            "etc/conf.d/10.toml",
            text -> assertThat(text).contains("port = 1884", "adapter = \"drogue\""))
        .hasEntrySatisfying(
            "etc/conf.d/20.toml", text -> assertThat(text).startsWith("# Line 1 or what"));
  }

  /** Base64 may begin with a slash, and an operator's names may be what a login is made of. */
  @Test
  void showsNoArgumentsAndNoNames() throws IOException {
    String shared =
        shared(
                """
                [mqtt]
                client_id = "s3cret"
                username = "s3cret"
                [[child]]
                id = "a"
                adapter = "command"
                bus = "s3cret"
                [child.command]
                install = ["/opt/flash", "/s3cret+Base64/", "--s3cret", "{image}"]
                [[child]]
                id = "b"
                adapter = "sming"
                [child.sming]
                app = "s3cret"
                version_topic = "s3cret"
                version_pattern = "(s3cret)"
                [[child]]
                id = "c"
                adapter = "fuota"
                [child.fuota]
                username = "s3cret"
                management = "127.0.0.1:50080"
                management_username = "s3cret"
                """)
            .get("etc/connector.toml");

    assertThat(shared)
        .contains(
            "install = [\"/opt/flash\", \"********\", \"********\", \"{image}\"]\n",
            "management = \"127.0.0.1:50080\"\n");
  }

  /** Problems are fit for strangers too, whatever they quote of a value, a key or a line. */
  @Test
  void namesProblemsWithoutWhatTheyQuote() throws IOException {
    Path file =
        file(
            "connector.toml",
            """
            [mqtt]
            host = "tcp://s3cret"
            username = 1234567
            password_file = 's3cret \\" s3cret'
            's3cret key' = 1
            [[child]]
            id = "s3cret/#"
            adapter = "s3cret"
            [[child]]
            id = "b"
            adapter = "command"
            [child.command]
            install = ["flash", "{s3cret}"]
            environment = { 's3cret=' = "x", S3CRET = 7 }
            [[child]]
            id = "c"
            adapter = "httpupload"
            [child.httpupload]
            url = "http://192.0.2.1/"
            success_status = ["s3cret"]
            failure_pattern = "\\\\p{s3cret}"
            fields = { a = "{s3cret}" }
            headers = { 's3cret"s3cret' = "x" }
            """);

    assertThat(loader().share(file, directory.resolve("there")))
        .noneMatch(line -> line.contains("s3cret") || line.contains("1234567"))
        .contains(
            "connector.toml:2: mqtt.host: must be a host name or an address, without scheme, port"
                + " or path",
            "connector.toml:3: mqtt.username: must be a text in quotes",
            "connector.toml:4: mqtt.password_file: must be an absolute path, one that begins with"
                + " /",
            "connector.toml:7: child[********].id: must be 1 to 128 characters, none of them / + #"
                + " or a control character",
            "connector.toml:13: child[b].command.install: holds ********, which has no value here;"
                + " use {image} {name} {version} {sha256} {child} {operation}",
            "connector.toml:14: child[b].command.environment: must have texts in quotes",
            "connector.toml:22: child[c].httpupload.fields: holds ********, which has no value"
                + " here; use {name} {version} {sha256} {md5} {size}",
            "connector.toml:23: child[c].httpupload.headers: cannot hold ********: a name has"
                + " letters, digits and -, and a value one line of Latin-1")
        .anyMatch(line -> line.startsWith("connector.toml:5: mqtt.\"********\": unknown key"));
  }

  @Test
  void namesSyntaxErrorsWithoutTheirText() throws IOException {
    Path file = file("connector.toml", "[mqtt]\nport = 12 's3cret'\n");

    assertThat(loader().share(file, directory.resolve("there")))
        .containsExactly("connector.toml:2: is no TOML (column 11)");
  }

  /** A secret in the wrong place is one too: every key of every family, and what is wrong there. */
  @ParameterizedTest
  @MethodSource("io.github.childconnector.config.FamilyProblemsTest#families")
  void showsNoTextOfWhichNobodyKnowsWhatItIs(String family) throws IOException {
    for (String key : KeyTable.read().of(family).keySet()) {
      for (String value : SECRETS) {
        if (!PUBLIC.contains(key)) {
          String child = "[[child]]\nid = 'a'\nadapter = '%s'\n[child.%s]\n%s = %s\n";
          Path file = file("connector.toml", child.formatted(family, family, key, value));
          assertThat(loader().share(file, directory.resolve("there")))
              .as(key + " = " + value)
              .noneMatch(line -> line.contains("s3cret"));
          assertThat(written().values()).as(key).noneMatch(text -> text.contains("s3cret"));
        }
      }
    }
  }

  @Test
  void leavesOutWhatIsTooLarge() throws IOException {
    file("conf.d/large.toml", "# s3cret\n".repeat(40_000));

    assertThat(shared("")).containsOnlyKeys("etc/connector.toml", "effective.toml");
    assertThat(loader().share(file("connector.toml", ""), directory.resolve("there")))
        .containsExactly("conf.d/large.toml: is left out, because it is larger than 262144 bytes");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path file = file("connector.toml", "[mqtt]\nport = 0\n");

    assertThat(loader().share(file, directory.resolve("there")))
        .containsExactly("connector.toml:2: mqtt.port: must be a number from 1 to 65535");
    assertThat(written()).containsEntry("etc/connector.toml", "[mqtt]\nport = \"********\"\n");
  }

  /** Of the complete example only names are hidden that check-config shows. */
  @Test
  void showsAllThatCheckConfigSaysOfTheExample() throws Exception {
    String example =
        Files.readAllLines(Path.of(EXAMPLE)).stream()
            .map(line -> line.replaceFirst("^#(?=[\\[a-z])", ""))
            .collect(joining("\n"));
    Path file = file("connector.toml", example);

    List<String> problems = loader().share(file, directory.resolve("there"));

    assertThat(problems).isEmpty();
    List<String> shown = written().getOrDefault("effective.toml", "").lines().toList();
    List<String> effective = loader().read(file).effective().lines().toList();
    assertThat(shown).hasSameSizeAs(effective);
    assertThat(IntStream.range(0, shown.size()).boxed())
        .filteredOn(line -> !shown.get(line).equals(effective.get(line)))
        .allSatisfy(line -> assertThat(shown.get(line)).contains("********"))
        .extracting(line -> shown.get(line).replaceFirst(" = .*", ""))
        .containsOnly(HIDDEN);
  }
}
