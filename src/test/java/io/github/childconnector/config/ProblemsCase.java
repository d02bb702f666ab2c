package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loads each of a class's configurations and compares what is said of it, to the letter. */
@NullMarked
abstract class ProblemsCase {
  static final String CHILD =
      "[[child]]\nid = 'plc-1'\nadapter = 'command'\n[child.command]\ninstall = ['flash']\n";

  @TempDir Path directory = Path.of(".");
  Workplace workplace = new Workplace(directory);

  @BeforeEach
  void makeWorkplace() {
    workplace = new Workplace(directory).file("there.pem", "");
  }

  /** The rows are the class's own, in its method {@code problems}. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void saysWhatIsWrongAndWhatToWrite(String name, String toml, String problems) {
    workplace.file("connector.toml", toml);

    assertThat(workplace.problems()).isEqualTo(problems.strip());
  }
}
