package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final Map<Placeholder, String> VALUES =
      Map.of(
          Placeholder.IMAGE, "/store/ab", Placeholder.VERSION, "{image}$1\\", Placeholder.NAME, "");

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "plain, plain",
    "{image}, /store/ab",
    "--file={image}:{image}, --file=/store/ab:/store/ab",
    "{version}, {image}$1\\",
    "[{name}], []",
    "${image}, $/store/ab",
    "'{\"a\": 1}', '{\"a\": 1}'",
    "{}, {}",
    "{Image}, {Image}",
    "{{image}}, {/store/ab}",
    "{image, {image",
  })
  void fillsKnownWordsOnceAndLeavesTheRest(String argument, String expected) {
    assertThat(new CommandLine(List.of("p", argument)).fill(VALUES)).containsExactly("p", expected);
  }

  @Test
  void namesAnUnknownPlaceholderAndTheKnownOnes() {
    var line = new CommandLine(List.of("p", "{image}", "x{firmware}"));

    assertThat(line.problem(EnumSet.allOf(Placeholder.class)))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .contains("{firmware}")
                    .contains("{image} {name} {version} {sha256} {child} {operation}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{version}", "/opt/{child}/flash.sh"})
  void refusesAPlaceholderInTheProgram(String program) {
    assertThat(new CommandLine(List.of(program)).problem(EnumSet.allOf(Placeholder.class)))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("arguments only"));
  }

  @Test
  void refusesNul() {
    assertThat(new CommandLine(List.of("p", "a\0b")).problem(EnumSet.allOf(Placeholder.class)))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("NUL"));
  }
}
