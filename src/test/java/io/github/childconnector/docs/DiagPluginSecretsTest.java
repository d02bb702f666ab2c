package io.github.childconnector.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.nio.file.Path;
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

  /** What may be shown of each value is the program's to know: see SharedFilesTest. */
  @Test
  void leavesSecretsOfTheConfigurationOut() throws Exception {
    bench.configuration(
        """
        # the password was s3cret
        [mqtt]
        host = "broker" # not s3cret
        username = "s3cret"
        password = 's3cret'
        [[child]]
        id = "plc-1"
        adapter = "command"
        [child.command]
        install = ["/opt/flash", "--pin=s3cret", "{image}"]
        environment = { PIN = "s3cret" }
        """);

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected())
        .containsEntry(
            "etc/connector.toml",
            """

            [mqtt]
            host = "broker"
            username = "********"
            password = "********"
            [[child]]
            id = "plc-1"
            adapter = "command"
            [child.command]
            install = ["/opt/flash", "********", "{image}"]
            environment = { PIN = "********" }
            """)
        .containsEntry("effective.toml", "")
        .hasEntrySatisfying(
            "problems.txt",
            it -> assertThat(it).startsWith("connector.toml:5: mqtt.password: unknown key"));
  }

  @Test
  void showsNothingOfWhatIsNoToml() throws Exception {
    bench.configuration("[storage]\nhistory = 7\n[child\nid = \"s3cret\"\n");

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected().get("etc/connector.toml"))
        .startsWith("[storage]\nhistory = 7\n# Line 3 or what is before it is no TOML");
  }

  /** Without the program nobody can tell a secret from the rest. */
  @ParameterizedTest
  @ValueSource(strings = {"exec /no/java \"$@\"", "echo s3cret >/dev/null; exit 1", "kill -9 $$"})
  void showsNoConfigurationWhereTheProgramCannotRun(String script) throws Exception {
    bench.configuration("[mqtt]\nusername = \"s3cret\"\n");
    bench.connector(script);

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isZero();
    bench.requireNoSecret(result);
    assertThat(bench.collected())
        .doesNotContainKeys("etc/connector.toml", "effective.toml")
        .hasEntrySatisfying("etc/files.txt", it -> assertThat(it).contains("connector.toml"))
        .hasEntrySatisfying("problems.txt", it -> assertThat(it).contains(" ended with 1"))
        .containsKeys("disk.txt", "state.txt", "journal.log");
  }

  /** The program tells its problems as strangers may see them: see SharedFilesTest. */
  @Test
  void namesProblemsWithoutTheValuesTheyQuote() throws Exception {
    bench.configuration(
        """
        [mqtt]
        username = 1234567
        password_file = 's3cret \\" s3cret'
        """);

    DiagBench.Result result = bench.collect();

    assertThat(result.exitCode()).isZero();
    bench.requireNoSecret(result);
    assertThat(bench.collected().get("problems.txt"))
        .startsWith(
            """
            connector.toml:2: mqtt.username: must be a text in quotes
            connector.toml:3: mqtt.password_file: must be an absolute path, one that begins with /
            """)
        .contains("check-config --support")
        .contains("ended with 78")
        .doesNotContain("1234567");
  }

  /** What status says is for the operator of the machine. */
  @Test
  void onlyTellsThatStatusFailed() throws Exception {
    bench.connector("[ \"$1\" != status ] || { echo 'no such file \"s3cret\"' >&2; exit 78; }");

    DiagBench.Result result = bench.collect();

    bench.requireNoSecret(result);
    assertThat(bench.collected().get("problems.txt"))
        .isEqualTo("'tedge-child-connector status' ended with 78; run it to see why\n");
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
    assertThat(bench.collected().get("problems.txt"))
        .contains("conf.d/large.toml: is left out, because it is larger than 262144");
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
