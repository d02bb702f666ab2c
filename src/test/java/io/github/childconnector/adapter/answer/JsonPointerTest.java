package io.github.childconnector.adapter.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPointerTest {
  /** The document of RFC 6901, section 5. */
  private static final JsonElement DOCUMENT =
      JsonParser.parseString(
          """
          {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5,
           "k\\"l": 6, " ": 7, "m~n": 8}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/foo; [\"bar\",\"baz\"]",
        "/foo/0; \"bar\"",
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
    assertThat(new JsonPointer(pointer).in(DOCUMENT)).contains(JsonParser.parseString(expected));
  }

  @Test
  void theEmptyOneNamesTheWholeDocument() {
    assertThat(new JsonPointer("").in(DOCUMENT)).containsSame(DOCUMENT);
  }

  @Test
  void tildesAreReplacedLast() {
    JsonElement document = JsonParser.parseString("{\"~1\": 1, \"/\": 2}");

    assertThat(new JsonPointer("/~01").in(document)).contains(JsonParser.parseString("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/x", "/no", "/a~1b/0"})
  void findsNothingElse(String pointer) {
    assertThat(new JsonPointer(pointer).in(DOCUMENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "#/foo", "/a~2b", "/a~"})
  void isNotValid(String pointer) {
    assertThat(new JsonPointer(pointer).isValid()).isFalse();
  }
}
