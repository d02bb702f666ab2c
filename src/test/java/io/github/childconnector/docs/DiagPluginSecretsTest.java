package io.github.childconnector.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script that collects for support leaves out. */
@IntegrationTest
class DiagPluginSecretsTest {
  private DiagBench bench;

  @BeforeEach
  void setUp(@TempDir Path root) throws IOException {
    bench = new DiagBench(root);
  }

  @Test
  void leavesSecretsOfTheConfigurationOut() throws Exception {
    bench.configuration(
        """
        # the password was s3cret
        [mqtt]
        host = "broker" # not s3cret
        username = "s3cret"
        password = 's3cret'
        password_file = "s3cret"
        client_id = \"""
        s3cret\"""
        [[child]]
        id = "plc-1"
        [child.command]
        install = [
          "/opt/flash", # s3cret
          "--port", '/dev/ttyS1', "--password", "s3cret",
          "--pin=s3cret", "-ps3cret", "http://u:s3cret@plc/", "{name}-{version}", "{image}",
        ]
        environment = {
          PIN = "s3cret \\" s3cret", # s3cret
          id = "s3cret", 'odd s3cret' = "s3cret", LIST = ["s3cret",
          "s3cret"], "host" = '''
          s3cret''' }
        repeatable = true
        [child.command.environment]
        bus = "s3cret"
        NUMBER = 1234567
        """);

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected().get("etc/connector.toml"))
        .isEqualTo(
            """
            #
            [mqtt]
            host = "broker" #
            username = "********"
            password = '********'
            password_file = "********"
            client_id = "********"

            [[child]]
            id = "plc-1"
            [child.command]
            install = [
              "/opt/flash", #
              "--port", '/dev/ttyS1', "--password", "********",
              "--pin=********", "********", "********", "{name}-{version}", "{image}",
            ]
            environment = {
              PIN = "********", #
              id = "********", "********" = "********", LIST = ["********",
              "********"], "host" = "********"
             }
            repeatable = true
            [child.command.environment]
            bus = "********"
            NUMBER = "********"
            """);
  }

  @Test
  void hidesWhatAModuleFindsAmongItsFiles() throws Exception {
    String shown = "[child.module]\nprogram = \"/opt/module\"\ndirectory = \"/var/lib/m\"\n";
    bench.file(
        "etc/tedge-child-connector/connector.toml",
        shown + "meta_data = '{\"pin\": \"s3cret\"}'\nfiles = { token = \"s3cret\" }\n");

    bench.requireNoSecret(bench.collect());
    assertThat(bench.collected().get("etc/connector.toml"))
        .isEqualTo(shown + "meta_data = '********'\nfiles = { token = \"********\" }\n");
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
  void showsNothingOfWhatIsNoToml(String broken) throws Exception {
    bench.configuration(
        "[storage]\nhistory = 7\n[child.command]\n" + broken + "\nid = \"s3cret\"\n");

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected().get("etc/connector.toml"))
        .startsWith("[storage]\nhistory = 7\n[child.command]")
        .containsPattern("(?m)^# Line [4-8] or what is before it is no TOML");
  }

  @Test
  void showsAddressesOnlyWhereTheyCanHoldNoSecret() throws Exception {
    bench.configuration(
        """
        [child.httpupload]
        url = "http://192.168.1.20:80/a/update"
        prepare_url = "http://192.168.1.20/start?pwd=s3cret"
        version_url = "http://admin:s3cret@192.168.1.20/version"
        username = "s3cret"
        headers = { X-Token = "s3cret" }
        fields = { pwd = "s3cret" }
        """);

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected().get("etc/connector.toml"))
        .contains("url = \"http://192.168.1.20:80/a/update\"\n", "version_url = \"********\"\n");
  }

  /** By the program's own output, so that a new key that holds no secret is not forgotten. */
  @Test
  void showsAllThatCheckConfigSaysOfTheExample() throws Exception {
    String example =
        Files.readAllLines(Path.of("examples/configuration/connector.toml")).stream()
            .map(line -> line.replaceFirst("^#(?=[\\[a-z])", ""))
            .collect(joining("\n"));
    Path file = bench.file("all.toml", example);
    ConfigLoader loader =
        new ConfigLoader(TestConnector.ofThisMachine().families(), name -> Optional.empty());
    String effective = loader.load(file).effective();
    bench.file("effective", effective);

    bench.collect();

    assertThat(bench.collected().get("effective.toml")).isEqualTo(effective);
  }

  @Test
  void namesProblemsWithoutTheValuesTheyQuote() throws Exception {
    bench.connector(
        """
        [ "$1" != --version ] || exit 0
        echo 'connector.toml:2: mqtt.password_file: must be a path, not "s3cret \\" s3cret"' >&2
        echo 'connector.toml:3: mqtt.username: must be a text, not the number s3cret' >&2
        echo "connector.toml:4: Unexpected 's3cret', expected a value (column 23)" >&2
        exit 78
        """);

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isZero();
    bench.requireNoSecret(result);
    assertThat(bench.collected().get("problems.txt"))
        .contains("connector.toml:2: mqtt.password_file: must be a path, not ********\n")
        .contains("connector.toml:3: mqtt.username: must be a text, not ********\n")
        .contains("connector.toml:4: Unexpected ********, expected a value (column 23)\n")
        .contains("check-config --config", "status --all --json", "ended with 78");
  }

  @Test
  void readsNoOtherFiles() throws Exception {
    bench.file("etc/tedge-child-connector/mqtt.password", "s3cret");
    bench.file("etc/tedge-child-connector/conf.d/client.key", "s3cret");
    bench.file("etc/tedge-child-connector/conf.d/large.toml", "# s3cret\n".repeat(40_000));

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected())
        .doesNotContainKeys("etc/conf.d/large.toml", "etc/conf.d/client.key");
    assertThat(result.said()).contains("large.toml is left out, because it is larger than 262144");
  }

  @Test
  void leavesSecretsOfTheServiceOut() throws Exception {
    bench.file(
        "etc/default/tedge-child-connector",
        """
        # s3cret
        JAVA_OPTS="-Xmx64m -XX:+UseSerialGC"
        export TEDGE_CHILD_CONNECTOR_LOG=debug
        export PLC_PIN=s3cret
        """);
    bench.program(
        "systemctl",
        """
        [ "$1" != show ] || echo 'Environment=PLC_PIN=s3cret LANG=C'
        [ "$1" != status ] || cat <<'END'
           Main PID: 7 (java)
             CGroup: /system.slice/tedge-child-connector.service
                     |-7 /usr/bin/java -jar x.jar run
                     `-19 /opt/flash --password s3cret
        END
        exit 3
        """);

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected())
        .containsEntry(
            "etc/default.txt",
            """
            JAVA_OPTS="-Xmx64m -XX:+UseSerialGC"
            export TEDGE_CHILD_CONNECTOR_LOG=debug
            export PLC_PIN=********
            """)
        .containsEntry("service-properties.txt", "Environment=********\n")
        .hasEntrySatisfying(
            "service.txt",
            it -> assertThat(it).contains("|-7 /usr/bin/java\n").contains("`-19 /opt/flash\n"));
  }
}
