package io.github.childconnector.adapter.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
  /** The document of RFC 6901, section 5. */
  private static final String DOCUMENT =
      """
      {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5,
       "k\\"l": 6, " ": 7, "m~n": 8}
      """;

  private static Optional<String> value(String pointer, String document) {
    return JsonDocument.parse(document)
        .orElseThrow()
        .value(JsonDocument.pointer(pointer).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/foo/0; bar",
        "/; 0",
        "/a~1b; 1",
        "/c%d; 2",
        "/e^f; 3",
        "/g|h; 4",
        "/i\\j; 5",
        "/k\"l; 6",
        "'/ '; 7",
        "/m~0n; 8"
      })
  void findsWhatTheStandardFinds(String pointer, String expected) {
    assertThat(value(pointer, DOCUMENT)).contains(expected);
  }

  @Test
  void theEmptyOneNamesTheWholeDocument() {
    assertThat(value("", "\"all\"")).contains("all");
    assertThat(value("", DOCUMENT)).isEmpty();
  }

  @Test
  void tildesAreReplacedLast() {
    assertThat(value("/~01", "{\"~1\": 1, \"/\": 2}")).contains("1");
  }

  @Test
  void theLastOfTwoMembersOfOneNameIsFound() {
    assertThat(value("/a", "{\"a\": 1, \"a\": 2}")).contains("2");
    assertThat(value("/a", "{\"a\": 1, \"a\": {\"b\": 2}}")).isEmpty();
  }

  @Test
  void aMemberMayHaveANumberForItsName() {
    assertThat(value("/0", "{\"0\": \"zero\"}")).contains("zero");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/foo", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/x", "/no", "/a~1b/0"})
  void findsNothingElse(String pointer) {
    assertThat(value(pointer, DOCUMENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "#/foo", "/a~2b", "/a~2", "fw/v", "/a~"})
  void otherTextsAreNone(String text) {
    assertThat(JsonDocument.pointer(text)).isEmpty();
  }
}
