package io.github.childconnector.adapter.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.answer.VersionFinder.NoVersionException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionFinderTest {
  private static final String JSON =
      "{\"fw\":{\"v\":\"4.3.6\",\"n\":43,\"r\":1.50,\"on\":true,\"a/b\":\"slash\",\"m~n\":\"tilde\",\"none\":null,"
          + "\"more\":\"4.3.6(tasmota)\"},\"list\":[\"zero\",{\"v\":\"one\"}],\"\":\"empty\"}";

  private static Optional<String> found(VersionFinder finder, String said) {
    try {
      return Optional.of(finder.find(said));
    } catch (NoVersionException e) {
      return Optional.empty();
    }
  }

  private static VersionFinder pointer(String pointer) {
    return new VersionFinder(JsonDocument.pointer(pointer), Optional.empty());
  }

  private static VersionFinder pattern(String pattern) {
    return new VersionFinder(Optional.empty(), Optional.of(new SearchPattern(pattern)));
  }

  @ParameterizedTest
  @CsvSource({
    "/fw/v,4.3.6",
    "/fw/n,43",
    "/fw/r,1.50",
    "/fw/on,true",
    "/fw/a~1b,slash",
    "/fw/m~0n,tilde",
    "/list/0,zero",
    "/list/1/v,one",
    "/,empty"
  })
  void aPointerFindsIt(String pointer, String found) throws NoVersionException {
    assertThat(pointer(pointer).find(JSON)).isEqualTo(found);
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
    assertThatThrownBy(() -> pointer(pointer).find(JSON))
        .isInstanceOf(NoVersionException.class)
        .hasMessage("there is no value at version_pointer " + pointer + "; correct that");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "nothing", "{\"fw\":{\"v\":\"1\"}} {}", "{'fw':{'v':'1'}}", "[] 1"})
  void whatIsNoJsonHoldsNoVersion(String json) {
    assertThatThrownBy(() -> pointer("/fw/v").find(json))
        .isInstanceOf(NoVersionException.class)
        .hasMessageStartingWith("that is no JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"fw\":{\"v\":\"\"}}", "[]"})
  void otherJsonHoldsNoVersion(String json) {
    assertThat(found(pointer("/fw/v"), json)).isEmpty();
  }

  @Test
  void deepJsonHoldsNoVersion() {
    assertThat(found(pointer("/0"), "[".repeat(30_000))).isEmpty();
    assertThat(found(pointer("/0"), "[".repeat(1000) + "]".repeat(1000))).isEmpty();
  }

  @Test
  void aPatternFindsIt() throws NoVersionException {
    VersionFinder finder = pattern("v=(\\S+)?;");

    assertThat(finder.find("up=7 v=4.3.6;")).isEqualTo("4.3.6");
    assertThat(found(finder, "up=7")).isEmpty();
    assertThat(found(finder, "v=;")).isEmpty();
  }

  @Test
  void aPatternIsLookedForInWhatAPointerNames() throws NoVersionException {
    VersionFinder finder =
        new VersionFinder(
            JsonDocument.pointer("/fw/more"), Optional.of(new SearchPattern("^([0-9.]+)")));

    assertThat(finder.find(JSON)).isEqualTo("4.3.6");
    assertThat(found(finder, "4.3.6(tasmota)")).isEmpty();
  }

  /** Some take ages, one takes all of the stack. */
  @ParameterizedTest
  @ValueSource(strings = {"(?:(a*)*)*b", "(a+a+a+)b", "(.*).*.*.*.*.*b", "((?:a|aa)+)b"})
  void aPatternThatTakesTooLongIsGivenUp(String pattern) {
    assertThatThrownBy(() -> pattern(pattern).find("a".repeat(4096)))
        .isInstanceOf(NoVersionException.class)
        .hasMessageContaining("takes too long");
  }

  @Test
  void elseItIsTheWholeText() throws NoVersionException {
    VersionFinder finder = new VersionFinder(Optional.empty(), Optional.empty());

    assertThat(finder.find(" 4.3.6\n")).isEqualTo("4.3.6");
    assertThat(found(finder, "")).isEmpty();
    assertThat(found(finder, " \n")).isEmpty();
    assertThat(found(finder, "4".repeat(256))).isPresent();
    assertThatThrownBy(() -> finder.find("4".repeat(257)))
        .hasMessage(
            "the version in that has 257 characters, more than the 256 of a version; use version_pointer or"
                + " version_pattern");
  }

  @Test
  void survivesWhateverADeviceSays() {
    Random random = new Random(4713);
    byte[] whole = JSON.getBytes(UTF_8);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = whole.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String said = new String(bytes, 0, bytes.length - random.nextInt(bytes.length) / 8, UTF_8);
      assertThat(found(pointer("/fw/v"), said).orElse("4.3.6")).isNotBlank();
    }
  }
}
