package io.github.childconnector.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationWordsTest {
  private static final String DIGEST = "ab".repeat(32);

  @ParameterizedTest
  @ValueSource(
      strings = {"tLrLthPXksKbqRqIsrDmy", "-_x", "c8y-mapper-1", "sub:device_profile:7", "1.0"})
  void idsInUseAreValid(String id) {
    assertThat(OperationKey.isValidId(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a..b", ".a", "a\0b", "a\nb", "a b", "ä", "a\\b"})
  void idsThatAreUnsafeInAFileNameAreNot(String id) {
    assertThat(OperationKey.isValidId(id)).isFalse();
    assertThatThrownBy(() -> new OperationKey(new ChildId("c"), id))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void idsMayHave128Characters() {
    assertThat(OperationKey.isValidId("x".repeat(128))).isTrue();
    assertThat(OperationKey.isValidId("x".repeat(129))).isFalse();
    assertThat(OperationKey.isValidId("x".repeat(10_000))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plc-1", "gw:device:plc-1", "Halle 3 Süd"})
  void childrenMayHaveThatName(String name) {
    assertThat(new ChildId(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a+b", "a#b", "a\nb", "a\0b"})
  void childrenMayNotHaveThatName(String name) {
    assertThatThrownBy(() -> new ChildId(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void digestsAreTheSameHoweverTheBytesCome() throws IOException {
    byte[] bytes = "firmware".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    Sha256 expected = new Sha256(DigestUtils.sha256Hex(bytes));
    MessageDigest digest = Sha256.begin();
    digest.update(bytes);
    assertThat(Sha256.of(bytes)).isEqualTo(expected);
    assertThat(Sha256.of(new ByteArrayInputStream(bytes))).isEqualTo(expected);
    assertThat(Sha256.of(digest)).isEqualTo(expected);
    assertThat(Sha256.of(digest)).isEqualTo(Sha256.of(new byte[0]));
  }

  @Test
  void digestsAreLowerCase() {
    assertThat(new Sha256(DIGEST.toUpperCase(java.util.Locale.ROOT)).hex()).isEqualTo(DIGEST);
    assertThatThrownBy(() -> new Sha256("abc")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReasonIsOneLine() {
    Failure failure = new Failure(FailureCode.INSTALL_FAILED, " a\nb\r\n\tc\u2028\u009bd\0 ");
    assertThat(failure.reason()).isEqualTo("install-failed: a b c d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ä", "€", "𝄞"})
  void aReasonHasAtMost500BytesAndWholeCharacters(String character) {
    for (int prefix = 0; prefix < 4; prefix++) {
      String sentence = "p".repeat(prefix) + character.repeat(600);
      String reason = new Failure(FailureCode.INSTALL_FAILED, sentence).reason();
      byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
      assertThat(bytes.length).isBetween(494, 500);
      assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(reason);
      assertThat(reason).endsWith(character + "…").doesNotContain("\uFFFD", "?");
    }
  }

  @Test
  void aReasonOf500BytesIsNotCut() {
    String sentence = "x".repeat(500 - "install-failed: ".length());
    assertThat(new Failure(FailureCode.INSTALL_FAILED, sentence).reason())
        .endsWith("x")
        .hasSize(500);
  }
}
