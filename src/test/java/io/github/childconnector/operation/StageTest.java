package io.github.childconnector.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StageTest {
  private static final Path SOURCE =
      Path.of("src/main/java/io/github/childconnector/operation/Stage.java");

  /** The row of the table in the type's documentation that describes a stage. */
  private static String row(Stage stage) {
    String followers =
        stage.isEnd()
            ? "-"
            : stage.followers().stream().map(Stage::word).collect(Collectors.joining(", "));
    String restart = stage.restart().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return String.join("|", stage.word(), followers, stage.status().word(), restart);
  }

  @Test
  void documentationShowsTheTable() throws IOException {
    List<String> documented =
        Pattern.compile(
                "^ \\* ([a-z_]+) {2,}([a-z_, -]+?) {2,}([a-z]+) +([a-z ]+)$", Pattern.MULTILINE)
            .matcher(Files.readString(SOURCE))
            .results()
            .map(StageTest::cells)
            .filter(row -> !row.startsWith("stage|"))
            .toList();
    assertThat(documented).isEqualTo(Arrays.stream(Stage.values()).map(StageTest::row).toList());
  }

  private static String cells(MatchResult row) {
    return String.join("|", row.group(1), row.group(2), row.group(3), row.group(4));
  }

  @Test
  void everyStageLeadsToAnEndAndMayFail() {
    for (Stage stage : Stage.values()) {
      assertThat(stage.isEnd() || stage.followers().contains(Stage.FAILED))
          .as(stage.word())
          .isTrue();
    }
  }

  @Test
  void onlyEndsAreToldAsEnds() {
    for (Stage stage : Stage.values()) {
      assertThat(stage.status() == OperationStatus.EXECUTING).isEqualTo(!stage.isEnd());
      assertThat(stage.restart() == Stage.Restart.REPORT).isEqualTo(stage.isEnd());
    }
  }
}
