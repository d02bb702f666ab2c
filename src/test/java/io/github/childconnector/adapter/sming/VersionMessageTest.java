package io.github.childconnector.adapter.sming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.answer.JsonPointer;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the version is found in what a device says. */
class VersionMessageTest {
  private static final String JSON =
      "{\"fw\":{\"v\":\"4.3.6\",\"n\":43,\"a/b\":\"slash\",\"m~n\":\"tilde\",\"none\":null},"
          + "\"list\":[\"zero\",{\"v\":\"one\"}],\"\":\"empty\"}";

  private static Optional<String> pointed(String pointer, String json) {
    return new VersionMessage("t", JsonPointer.parse(pointer), Optional.empty())
        .version(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "/fw/v,4.3.6",
    "/fw/n,43",
    "/fw/a~1b,slash",
    "/fw/m~0n,tilde",
    "/list/0,zero",
    "/list/1/v,one",
    "/,empty"
  })
  void aPointerFindsIt(String pointer, String found) {
    assertThat(pointed(pointer, JSON)).contains(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/fw",
        "/fw/x",
        "/fw/none",
        "/fw/v/x",
        "/list/2",
        "/list/-1",
        "/list/00",
        "/list/x"
      })
  void aPointerToNothingFindsNothing(String pointer) {
    assertThat(pointed(pointer, JSON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nothing", "{\"fw\":{\"v\":\"\"}}", "{'fw':{'v':'1'}}", "[]"})
  void whatIsNoJsonHoldsNoVersion(String json) {
    assertThat(pointed("/fw/v", json)).isEmpty();
  }

  @Test
  void deepJsonHoldsNoVersion() {
    assertThat(pointed("/0", "[".repeat(4000))).isEmpty();
    assertThat(pointed("/0", "[".repeat(1000) + "]".repeat(1000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fw", "fw/v", "/a~2", "/a~"})
  void otherPointersAreNone(String text) {
    assertThat(JsonPointer.parse(text)).isEmpty();
  }

  @Test
  void aPatternFindsIt() {
    VersionMessage message =
        new VersionMessage("t", Optional.empty(), Optional.of(Pattern.compile("v=(\\S+)?;")));

    assertThat(message.version("up=7 v=4.3.6;".getBytes(UTF_8))).contains("4.3.6");
    assertThat(message.version("up=7".getBytes(UTF_8))).isEmpty();
    assertThat(message.version("v=;".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void elseItIsTheWholeMessage() {
    VersionMessage message = new VersionMessage("t", Optional.empty(), Optional.empty());

    assertThat(message.version(" 4.3.6\n".getBytes(UTF_8))).contains("4.3.6");
    assertThat(message.version(new byte[0])).isEmpty();
    assertThat(message.version("4".repeat(201).getBytes(UTF_8))).isEmpty();
    assertThat(message.version(new byte[5000])).isEmpty();
  }

  @Test
  void survivesWhateverADeviceSays() {
    Random random = new Random(4713);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = OtaFileTest.mutated(JSON.getBytes(UTF_8), random);
      Optional<String> found =
          new VersionMessage("t", JsonPointer.parse("/fw/v"), Optional.empty()).version(bytes);
      assertThat(found.orElse("4.3.6")).isNotBlank();
    }
  }
}
