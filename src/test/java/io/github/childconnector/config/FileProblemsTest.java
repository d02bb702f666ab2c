package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** Files that cannot be used, and the file that each problem names. */
@NullMarked
final class FileProblemsTest extends ProblemsCase {
  static Stream<Arguments> problems() {
    return Stream.of(syntax()).flatMap(rows -> rows);
  }

  private static Stream<Arguments> syntax() {
    return Stream.of(
        arguments("nothing wrong", CHILD, ""),
        arguments("no child at all", "", ""),
        arguments(
            "syntax errors hide what follows from them",
            "[mqtt]\nhost = \nprot = 1\n port = 12 12\n",
            """
            connector.toml:2: Unexpected end of line, expected a value (column 8)
            connector.toml:4: Unexpected '12', expected a newline or end-of-input (column 12)
            """),
        arguments(
            "the same key twice",
            "[mqtt]\nport = 1\nport = 2\n",
            "connector.toml:3: port previously defined at line 2, column 1 (column 1)"));
  }

  @Test
  void namesTheFileThatIsNotThere() {
    assertThat(workplace.problems())
        .isEqualTo(
            "connector.toml: there is no file $DIR/connector.toml; write it, or name another one with"
                + " --config");
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    workplace.file("connector.toml", new byte[] {'a', '=', (byte) 0xff});

    assertThat(workplace.problems())
        .isEqualTo("connector.toml: $DIR/connector.toml is not UTF-8 text");
  }

  @Test
  void namesEachFileOfTheDirectoryThatCannotBeUsed() throws IOException {
    workplace.file("connector.toml", "").file("conf.d/20-broken.toml", "a = \n");
    Files.createDirectory(directory.resolve("conf.d/10-directory.toml"));

    assertThat(workplace.problems())
        .isEqualTo(
            """
            conf.d/10-directory.toml: $DIR/conf.d/10-directory.toml is a directory; name a file
            conf.d/20-broken.toml:1: Unexpected end of line, expected a value (column 5)""");
  }

  @Test
  void namesTheFileOfEachProblem() {
    workplace
        .file("connector.toml", CHILD)
        .file("conf.d/a.toml", "[mqtt]\nport = 'x'\n" + CHILD)
        .file("conf.d/b.toml", "[mqtt]\nhots = 'x'\n");

    assertThat(workplace.problems())
        .isEqualTo(
            """
            conf.d/a.toml:2: mqtt.port: must be a number from 1 to 65535, not "x"
            conf.d/a.toml:4: child[plc-1].id: "plc-1" is also the one of the child at connector.toml:2; give each child its own
            conf.d/b.toml:2: mqtt.hots: unknown key; did you mean "host"?""");
  }

  @Test
  void refusesConfDThatIsNoDirectory() {
    workplace.file("connector.toml", "").file("conf.d", "");

    assertThat(workplace.problems())
        .isEqualTo(
            "conf.d: $DIR/conf.d cannot be listed; let the user this program runs as read it");
  }

  @Test
  void refusesFilesThatMayNotBeRead() throws IOException {
    Path secret = directory.resolve("there.pem");
    Files.setPosixFilePermissions(secret, Set.of());
    assumeFalse(Files.isReadable(secret), "the superuser may read everything");
    workplace.file("connector.toml", "[download]\nca_file = '$DIR/there.pem'\n");

    assertThat(workplace.problems())
        .isEqualTo(
            "connector.toml:2: download.ca_file: $DIR/there.pem cannot be read; let the user this"
                + " program runs as read it");
  }

  @Test
  void passesOnTheProblemsOfThinEdgesFile() {
    workplace
        .file("connector.toml", "[mqtt]\nport = 0\n")
        .file("tedge/tedge.toml", "[mqtt.client]\nhost = 7\nauth.ca_file = '$DIR/no.pem'\n")
        .variable("TEDGE_HTTP_CLIENT_AUTH_KEY_FILE", "$DIR/there.pem");

    assertThat(workplace.problems())
        .isEqualTo(
            """
            TEDGE_HTTP_CLIENT_AUTH_KEY_FILE: http.client.auth.key_file: needs cert_file too; set both or none
            connector.toml:2: mqtt.port: must be a number from 1 to 65535, not the number 0
            tedge.toml:2: mqtt.client.host: must be a text in quotes, not empty
            tedge.toml:3: mqtt.client.auth.ca_file: there is no file $DIR/no.pem; create it or correct the path""");
  }

  @Test
  void passesOnTheSyntaxErrorsOfThinEdgesFile() {
    workplace.file("connector.toml", "").file("tedge/tedge.toml", "[mqtt]\nport = \nx = = 1\n");

    assertThat(workplace.problems())
        .isEqualTo(
            """
            tedge.toml:2: Unexpected end of line, expected a value (column 8)
            tedge.toml:3: Unexpected '=', expected a value (column 5)""");
  }

  @Test
  void namesTheVariableThatIsWrong() {
    workplace.file("connector.toml", "").variable("TEDGE_CONFIG_DIR", "tedge");

    assertThat(workplace.problems())
        .isEqualTo(
            "TEDGE_CONFIG_DIR: thin_edge.config_dir: must be an absolute path, one that begins with"
                + " /, not \"tedge\"");
  }

  @Test
  void namesTheRootDirectoryAsNoFile() {
    assertThatThrownBy(() -> workplace.load("/"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("/: / is a directory; name a file");
  }
}
