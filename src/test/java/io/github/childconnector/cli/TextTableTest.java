package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
