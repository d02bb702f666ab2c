package io.github.childconnector.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge of the matrices finds what it is there for. */
class BrokenTest {
  private static final long SECOND = 1_000_000_000;

  private final Broken broken = new Broken();

  @ParameterizedTest
  @CsvSource({
    "executing end",
    "end",
    "executing executing end end",
  })
  void oneEndIsRight(String said) {
    assertThat(ends(said)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "executing, no end was told",
    "'', no end was told",
    "executing end other, two different ends were told",
    "executing end executing, goes on after its end",
    "end executing end, goes on after its end",
  })
  void anythingElseIsNot(String said, String fault) {
    assertThat(ends(said)).singleElement().asString().startsWith("op: " + fault);
  }

  private List<String> ends(String said) {
    List<String> words = said.isEmpty() ? List.of() : List.of(said.split(" "));
    broken.checkEnds("op", words, word -> !word.equals("executing"), word -> word);
    return broken.all();
  }

  @Test
  void anEndIsToldAgainAfterTwoSecondsAtTheEarliest() {
    broken.checkPauses("op", List.of(SECOND, 3 * SECOND, 10 * SECOND));
    assertThat(broken.all()).isEmpty();
    broken.checkPauses("op", List.of(SECOND, 3 * SECOND - 1_000_000));
    assertThat(broken.all()).containsExactly("op: its end was told again after 1999 ms");
  }

  @Test
  void aDamagedJournalIsALeak(@TempDir Path directory) throws IOException {
    broken.checkJournal(directory, new LocalDisk());
    assertThat(broken.all()).isEmpty();
    Files.writeString(directory.resolve("op.json"), "{");
    broken.checkJournal(directory, new LocalDisk());
    assertThat(broken.all()).singleElement().asString().startsWith("damaged in the journal: ");
  }
}
