package io.github.childconnector.disk;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
  private final Path path;

  SecretFileTest(@TempDir Path directory) {
    this.path = directory.resolve("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3cret", "s3cret\n", "s3cret\r\nnotes\r\n", "\ufeffs3cret", "\ufeffs3cret\r\n"})
  void theFirstLineIsTheSecretHoweverAnEditorHasSavedIt(String text) throws IOException {
    Files.writeString(path, text);

    assertThat(new SecretFile(path).read()).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {" s3cret ", "s3\ufeffcret", "pässwörd"})
  void nothingElseIsTakenFromIt(String secret) throws IOException {
    Files.writeString(path, "\ufeff" + secret + "\n");

    assertThat(new SecretFile(path).read()).isEqualTo(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\ufeff", "\ufeff\r\ns3cret"})
  void aFileWithoutASecretIsRefused(String text) throws IOException {
    Files.writeString(path, text);

    assertThatThrownBy(() -> new SecretFile(path).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path + " is empty: write the password or token into its first line");
  }

  /** As PowerShell redirects it, and as an editor saves it in a code page. */
  @Test
  void anotherEncodingIsRefused() throws IOException {
    Files.write(path, "s3cret".getBytes(UTF_16));
    assertThatThrownBy(() -> new SecretFile(path).read())
        .hasMessage("the file " + path + " is no UTF-8 text: write it anew");

    byte[] umlaut = "pässword".getBytes(UTF_8);
    umlaut[2] = 'x';
    Files.write(path, umlaut);
    assertThatThrownBy(() -> new SecretFile(path).read()).hasMessageContaining("is no UTF-8 text");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new SecretFile(path).read())
        .hasMessage("there is no file " + path + ": create it, or correct its name");
  }
}
