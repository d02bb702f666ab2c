package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all recipes have in common; none needs its tool here. */
class RecipesTest {
  private static final Path RECIPES = Path.of("examples/recipes");

  @TempDir Path directory;

  static List<String> recipes() throws IOException {
    try (Stream<Path> folders = Files.list(RECIPES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void thereAreTen() throws Exception {
    assertThat(recipes()).hasSize(10);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  @IntegrationTest
  void itsConfigurationIsValidAndReadsTheVersion(String recipe) throws Exception {
    var child = new RecipeBench(recipe, directory).child();

    assertThat(child.adapter().versionReader()).isPresent();
    boolean rollsBack = Files.exists(RECIPES.resolve(recipe).resolve("rollback.sh"));
    assertThat(child.adapter().rollback().isPresent()).isEqualTo(rollsBack);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void itsProgramsCanBeExecuted(String recipe) throws Exception {
    Path folder = RECIPES.resolve(recipe);
    for (String script : List.of("flash.sh", "read-version.sh")) {
      assertThat(folder.resolve(script)).isExecutable().content().contains("\nset -eu\n");
    }
    String toml = Files.readString(folder.resolve("connector.toml"));
    assertThat(toml).contains("[\"/opt/" + recipe + "/flash.sh\", ");
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void itsReadmeSaysWhatAnEngineerAsks(String recipe) throws Exception {
    assertThat(Files.readAllLines(RECIPES.resolve(recipe).resolve("README.md")))
        .hasSizeLessThan(55)
        .anyMatch(line -> line.startsWith("| devices |"))
        .anyMatch(line -> line.startsWith("| program |"))
        .anyMatch(line -> line.startsWith("| success |"))
        .anyMatch(line -> line.startsWith("| going back |"))
        .anyMatch(line -> line.startsWith("| the service needs |"));
  }
}
