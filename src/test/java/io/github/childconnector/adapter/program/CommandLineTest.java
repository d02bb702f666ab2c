package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
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
  void fillsKnownWordsOnceAndLeavesTheRest(String argument, String expected) throws Exception {
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

  private static List<String> fill(String value, String... words) throws UpdateException {
    return new CommandLine(List.of(words))
        .fill(
            Map.of(Placeholder.VERSION, value, Placeholder.NAME, "", Placeholder.OPERATION, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{version}", "{version}.bin", "{name}{version}"})
  void refusesANameThatWouldBeAnOption(String argument) {
    assertThatThrownBy(() -> fill("-rf", "rm", argument))
        .isInstanceOfSatisfying(
            UpdateException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(FailureCode.REQUEST_INVALID);
              assertThat(e.failure().sentence())
                  .contains("The program rm would take \"-rf", "Rename the firmware");
            });
  }

  @Test
  void passesADashOnWhereItIsNoOption() throws Exception {
    assertThat(fill("-rf", "rm", "--", "{version}")).endsWith("-rf");
    assertThat(fill("-rf", "rm", "--file={version}")).endsWith("--file=-rf");
    assertThat(fill("1-rf", "rm", "{version}")).endsWith("1-rf");
    assertThat(fill("-rLthPXksKbqRqIsrDmy", "log", "{operation}")).endsWith("-rLthPXksKbqRqIsrDmy");
  }
}
