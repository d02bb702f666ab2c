package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.settings.Problem;
import io.github.childconnector.settings.TomlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.Toml;

/** What the parser is given of a file, and that it means the same. */
@NullMarked
final class SourceFileTest {
  /** The parser's time grows with the third power of a run of lines that say nothing. */
  @Test
  void givesTheParserNoRunsOfLinesThatSayNothing() {
    String text = "# a comment\n  # another\n\n\t\r\n".repeat(10_000) + "port = 1\n";

    assertThat(TomlText.of(text).numbers()).containsExactly(40_001, 40_002);
    assertThat(SourceFile.parse("file", text, new ArrayList<>()).table().entries())
        .hasValueSatisfying(new Condition<>(node -> node.origin().line() == 40_001, "its line"));
  }

  static Stream<Arguments> texts() {
    String three = "\"\"\"";
    return Stream.of(
            "a = 1\n\n# b\nc = 2 # d\n",
            "a = [ # b\n\n  1, # c\n  # d\n  2\n]\n",
            "a = 'it # is'\n# b\nc = \"x \\\" # y\"\n\nd = \"\\\\\"\n\n",
            "a = " + three + "\n# b\n\nc\n" + three + "\n\n# d\ne = 1\n",
            "a = '''\n# b\n\\'''\n\n# c\n",
            "a = " + three + "\n\\" + three + "\n\n# b" + three + "\n\n# c\n",
            "a = " + three + "b\"\"" + three + " # " + three + "\n\n# c\nd = 1\n",
            "a = '''b''''' # '''\n\n# c\nd = 1\n",
            "a = [" + three + "b\"" + three + ", " + three + "\n\n# c\n" + three + "]\n\n",
            "a = '" + three + "'\n# b\n\nc = " + three + three + "\n# d\n\n",
            "a = 1\r\n\r\n# b\r\nc = '''\r\n\r\n# d'''\r\n",
            "# only\n# comments",
            "")
        .map(text -> arguments(text));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void meansTheSame(String whole) {
    assertThat(Toml.parse(whole).errors()).isEmpty();

    String text = TomlText.of(whole).text();
    assertThat(Toml.parse(text).toJson()).isEqualTo(Toml.parse(whole).toJson());
  }

  /** As Notepad and PowerShell write it. */
  @Test
  void skipsAByteOrderMark() {
    List<Problem> problems = new ArrayList<>();
    SourceFile file = SourceFile.parse("file", "\ufeff# a\nb = 1\n", problems);

    assertThat(problems).isEmpty();
    assertThat(file.table().entries()).containsKey("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id = \u201cplc\u201d | \u201c is a typographic quote",
        "id = \u2018plc\u2019 | \u2018 is a typographic quote",
        "\u201eid\u201c = 1 | \u201e is a typographic quote",
        "id = plc-1 | a text stands in quotes: key = \"text\"",
        "install = [/bin/flash, x] | a text stands in quotes"
      })
  void saysWhatAMistakeMostlyIs(String text, String remedy) {
    List<Problem> problems = new ArrayList<>();
    SourceFile.parse("file", text, problems);

    assertThat(problems.get(0).sentence()).contains("(column ", remedy);
  }

  @Test
  void tellsErrorsAtTheirLines() {
    List<Problem> problems = new ArrayList<>();

    SourceFile file = SourceFile.parse("file", "# a\n\nb = 1\n\n# c\nb = 2\n\nd = \n", problems);

    assertThat(Problem.sorted(problems))
        .extracting(Problem::toString)
        .containsExactly(
            "file:6: b previously defined at line 3, column 1 (column 1)",
            "file:8: Unexpected end of line, expected a value (column 5)");
    assertThat(file.end()).isEqualTo(6);
    assertThat(file.table().entries()).containsOnlyKeys("b");
  }
}
