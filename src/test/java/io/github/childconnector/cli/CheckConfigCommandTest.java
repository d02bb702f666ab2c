package io.github.childconnector.cli;

import static io.github.childconnector.cli.OperatorFiles.child;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.OperatorFiles.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigCommandTest {
  @TempDir private Path directory = Path.of("");
  private OperatorFiles files = new OperatorFiles(directory);

  @BeforeEach
  void prepare() {
    files = new OperatorFiles(directory);
  }

  @Test
  void whatCountsIsShownWithWhereItComesFrom() throws IOException {
    files.configure("mqtt.port = 1884", child("plc-1", "install_timeout = \"10m\""));

    Result result = files.run("check-config");

    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out())
        .startsWith(
            """
            [mqtt]
            host = "127.0.0.1"
            port = 1884 # connector.toml:2
            client_id = "tedge-child-connector"
            """)
        .contains(
            """
            [storage]
            directory = "$DIR/state" # connector.toml:1
            """,
            """
            [[child]]
            id = "plc-1" # connector.toml:4
            external_id = "plc-1"
            adapter = "command" # connector.toml:5
            bus = ""
            install_timeout = "10m" # connector.toml:6
            """);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aProgramThatCannotBeStartedIsAWarning() throws IOException {
    files.configure(child("plc-1"), "read_version = [\"/nowhere/version.sh\"]");

    Result result = files.run("check-config");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err())
        .contains("Warning: child[plc-1]: read_version: /nowhere/version.sh is not there");
    assertThat(files.run("check-config", "--quiet").err()).contains("Warning: ");
  }

  @Test
  void oneDamagedCertificateAmongTheOthersIsAWarning() throws IOException {
    Path authorities = Files.createDirectory(directory.resolve("authorities"));
    Files.writeString(
        authorities.resolve("old.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    files.configure(
        "mqtt.ca_file = \"" + authorities + "\"",
        "download.ca_file = \"" + authorities + "\"",
        child("plc-1"));

    Result result = files.run("check-config", "--quiet");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err())
        .isEqualTo(
            "Warning: of the CA certificates, one is left out: a certificate in"
                + " $DIR/authorities/old.pem is damaged: copy the file again from its origin\n");
  }

  @Test
  void secretsAreNotShown() throws IOException {
    files.configure(child("plc-1"), "environment = { PIN = \"1234\" }");

    Result result = files.run("check-config");

    assertThat(result.out()).contains("environment = { PIN = \"********\" }");
    assertThat(result.out() + result.err()).doesNotContain("1234");
  }

  @Test
  void quietlyItSaysOnlyWhatIsWrong() throws IOException {
    files.configure(child("plc-1"));

    Result result = files.run("check-config", "--quiet");

    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out() + result.err()).isEmpty();

    files.configure("colour = 1");
    assertThat(files.run("check-config", "-q").exitCode()).isEqualTo(78);
  }

  @Test
  void withoutAChildItIsRightButOfNoUse() throws IOException {
    files.configure();

    Result result = files.run("check-config");

    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out()).startsWith("[mqtt]\n");
    assertThat(result.err())
        .isEqualTo("No [[child]] is configured yet: nothing will be updated.\n");
  }

  @Test
  void everyProblemIsShownAndNothingElse() throws IOException {
    files.configure(
        "[mqtt]", "port = \"x\"", "[[child]]", "id = \"plc-1\"", "adapter = \"comand\"");

    Result result = files.run("check-config");

    assertThat(result.exitCode()).isEqualTo(78);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .satisfiesExactly(
            port ->
                assertThat(port)
                    .isEqualTo(
                        "connector.toml:3: mqtt.port: must be a number from 1 to 65535, not \"x\""),
            adapter ->
                assertThat(adapter)
                    .startsWith(
                        "connector.toml:6: child[plc-1].adapter: there is no adapter \"comand\";"
                            + " did you mean \"command\"? The adapters are command, "));
  }

  @Test
  void forSupportItWritesFilesWithoutSecrets() throws IOException {
    files.configure("[mqtt]", "username = \"s3cret\"");
    Path there = directory.resolve("there");

    Result result = files.run("check-config", "--support=" + there);

    assertThat(result).isEqualTo(new Result(0, "", ""));
    assertThat(there.resolve("etc/connector.toml")).content().contains("username = \"********\"\n");
    assertThat(there.resolve("effective.toml"))
        .content()
        .contains("username = \"********\" # connector.toml:3\n");
  }

  @Test
  void forSupportItSaysWhatIsWrongToo() throws IOException {
    files.configure("colour = 1");

    Result result = files.run("check-config", "--support=" + directory.resolve("there"));
    assertThat(result.exitCode()).isEqualTo(78);
    assertThat(result.err()).startsWith("connector.toml:2: colour: unknown key");

    Result nowhere = files.run("check-config", "--support=" + files.config());
    assertThat(nowhere.exitCode()).isEqualTo(70);
    assertThat(nowhere.err()).startsWith("Nothing can be written to $DIR/connector.toml (");
  }

  @Test
  void aFileThatIsNotThereIsAProblemOfTheConfiguration() {
    Result result = files.run("check-config");

    assertThat(result.exitCode()).isEqualTo(78);
    assertThat(result.err()).startsWith("connector.toml: there is no file $DIR/connector.toml");
  }
}
