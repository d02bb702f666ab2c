package io.github.childconnector.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"1", "4.3.6", " 2.0\n", "22.03-rc1 (büro)", "\ufeff2.0", "版-🚀"})
  void takesWhatADeviceCanAnswer(String version) {
    assertThat(VersionText.objection(version)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "'  ', is empty",
    "\u200b\ufeff, is empty",
    "1\u00852, has control characters",
    "1\u20282, has control characters",
    "'1\n2', has control characters",
    "1\u00002, has control characters",
  })
  void refusesWhatNoDeviceCanAnswer(String version, String why) {
    assertThat(VersionText.objection(version)).get().asString().startsWith(why);
  }

  @Test
  void refusesHalfACharacter() {
    assertThat(VersionText.objection("1\ud800")).get().asString().contains("half of a character");
  }

  @Test
  void takesTheLongestVersionAndRefusesOneMore() {
    String longest = "1".repeat(VersionText.MAX_LENGTH);

    assertThat(VersionText.objection(longest)).isEmpty();
    assertThat(VersionText.objection(longest + "1")).get().asString().contains("257 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "2.0, \ufeff2.0",
    "2.0, 2\u200b.0\u200e",
    "2.0 b, 2.0\u00a0b",
    "b\u00fcro, bu\u0308ro",
    "2.0, ' 2.0 '",
  })
  void comparesAsAPersonReads(String one, String other) {
    assertThat(VersionText.isSame(one, other)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"2.0, 2.00", "2.0, 2.0a", "2.0, 2\u2024.0", "a1, \u04301", "RC1, rc1", "1 2, 12"})
  void tellsOthersApart(String one, String other) {
    assertThat(VersionText.isSame(one, other)).isFalse();
  }

  @Test
  void showsWhatLooksLikeSomethingElse() {
    assertThat(VersionText.shown("2.0\\b")).isEqualTo("2.0\\b");
    assertThat(VersionText.shown("\u04301")).isEqualTo("\u04301 (\"\\u04301\")");
    assertThat(VersionText.shown("2\u202e.1")).isEqualTo("2.1 (\"2\\u202e.1\")");
  }
}
