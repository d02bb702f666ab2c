package io.github.childconnector.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of texts in columns as wide as their widest text. Texts come from devices and requesters:
 * picocli's table takes {@code @|bold …|@} in them for markup, takes a character of two units for
 * two, and wants to be told how wide its columns are.
 */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... heads) {
    add(heads);
  }

  /** Adds a row, which may be shorter than the first. */
  void add(String... cells) {
    rows.add(List.of(cells));
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> length(row.get(column)))
        .max()
        .orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(width(column) - length(cell))).append(GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
