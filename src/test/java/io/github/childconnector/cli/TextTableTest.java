package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.StatusCommand.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private final TextTable table = new TextTable(3);

  private String written(String[]... rows) {
    List<String[]> all = new ArrayList<>(List.of(rows));
    all.add(0, new String[] {"A", "HEAD", "C"});
    all.forEach(table::measure);
    return all.stream().map(table::line).collect(Collectors.joining());
  }

  private static String[] row(String... cells) {
    return cells;
  }

  @Test
  void columnsAreAsWideAsTheirWidestTextAndLinesEndWithoutBlanks() {
    assertThat(written(row("long", "x", ""), row("y")))
        .isEqualTo(
            """
            A     HEAD  C
            long  x
            y
            """);
  }

  @Test
  void whatADeviceWroteIsShownAsItIs() {
    assertThat(written(row("@|bold x|@", "%s", "1")).lines())
        .last()
        .isEqualTo("@|bold x|@  %s    1");
  }

  @Test
  void nothingInATextIsMarkupNorTooLongNorTooWide() {
    String text = "@|red x|@ |@ 100 % %n \\@ e\u0301 \u6f22\u5b57 " + "x".repeat(500);

    assertThat(written(row(text, text, text)).lines())
        .last()
        .isEqualTo(text + "  " + text + "  " + text);
  }

  @Test
  void aCharacterOfTwoUnitsIsOneWide() {
    assertThat(written(row("\uD83D\uDE80", "x", "1"), row("ab", "x", "2")))
        .isEqualTo(
            """
            A   HEAD  C
            \uD83D\uDE80   x     1
            ab  x     2
            """);
  }

  @Test
  void whatWouldTurnTheOrderOfWhatIsShownIsEscaped() {
    assertThat(written(row("a\u202eb\u0000", "x", "1")).lines())
        .last()
        .isEqualTo("a\\u202eb\\u0000  x     1");
  }
}
