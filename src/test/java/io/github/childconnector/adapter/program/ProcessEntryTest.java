package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.program.ProcessTree.ProcessEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessEntryTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sh, S, false",
    "a (b) c) R 9 9, S, false",
    "gone, Z, true",
    "gone, X, true",
  })
  void readsALineWhateverTheProcessIsCalled(String name, String state, boolean ended) {
    String line =
        "4711 ("
            + name
            + ") "
            + state
            + " 12 4711 4700 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 1 0 815 9 9";

    assertThat(ProcessEntry.parse(line)).isEqualTo(new ProcessEntry(4711, 12, 4700, 815, ended));
  }

  @Test
  void showsThisProcess() throws Exception {
    assertThat(ProcessEntry.all())
        .anySatisfy(entry -> assertThat(entry.pid()).isEqualTo(ProcessHandle.current().pid()));
  }

  @Test
  void showsThemToAnInterruptedThreadToo() throws Exception {
    Thread.currentThread().interrupt();
    var entries = ProcessEntry.all();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(entries).extracting(ProcessEntry::pid).contains(ProcessHandle.current().pid());
  }
}
