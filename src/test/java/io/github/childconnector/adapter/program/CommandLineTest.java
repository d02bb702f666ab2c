package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static Optional<String> objection(String... words) {
    return CommandLine.objection(List.of(words), EnumSet.allOf(Placeholder.class));
  }

  @Test
  void namesAnUnknownPlaceholderAndTheKnownOnes() {
    assertThat(objection("p", "{image}", "x{firmware}"))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .contains("{firmware}")
                    .contains("{image} {name} {version} {sha256} {child} {operation}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{version}", "/opt/{child}/flash.sh"})
  void refusesAPlaceholderInTheProgram(String program) {
    assertThat(objection(program))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("arguments only"));
  }

  @Test
  void refusesNul() {
    assertThat(objection("p", "a\0b"))
        .hasValueSatisfying(sentence -> assertThat(sentence).contains("NUL"));
  }
}
