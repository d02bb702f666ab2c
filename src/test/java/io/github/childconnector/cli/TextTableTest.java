package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.StatusCommand.TextTable;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private final TextTable table = new TextTable("A", "HEAD", "C");

  @Test
  void columnsAreAsWideAsTheirWidestTextAndLinesEndWithoutBlanks() {
    table.add("long", "x", "");
    table.add("y");

    assertThat(table)
        .hasToString(
            """
            A     HEAD  C
            long  x
            y
            """);
  }

  @Test
  void whatADeviceWroteIsShownAsItIs() {
    table.add("@|bold x|@", "%s", "1");

    assertThat(table.toString().lines()).last().isEqualTo("@|bold x|@  %s    1");
  }

  @Test
  void nothingInATextIsMarkupNorTooLongNorTooWide() {
    String text = "@|red x|@ |@ 100 % %n \\@ e\u0301 \u6f22\u5b57 " + "x".repeat(500);
    table.add(text, text, text);

    assertThat(table.toString().lines()).last().isEqualTo(text + "  " + text + "  " + text);
  }

  @Test
  void aCharacterOfTwoUnitsIsOneWide() {
    table.add("\uD83D\uDE80", "x", "1");
    table.add("ab", "x", "2");

    assertThat(table)
        .hasToString(
            """
            A   HEAD  C
            \uD83D\uDE80   x     1
            ab  x     2
            """);
  }
}
