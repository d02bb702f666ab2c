package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessTableTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sh, S, false",
    "a (b) c) R 9 9, S, false",
    "gone, Z, true",
    "gone, X, true",
  })
  void readsALineWhateverTheProcessIsCalled(String name, String state, boolean ended) {
    String line = "4711 (" + name + ") " + state + " 12 4711 4700 0 -1 4194560 1 0";

    assertThat(ProcessTable.Entry.parse(line))
        .isEqualTo(new ProcessTable.Entry(4711, 12, 4700, ended));
  }

  @Test
  void showsThisProcess() {
    assertThat(ProcessTable.read())
        .anySatisfy(entry -> assertThat(entry.pid()).isEqualTo(ProcessHandle.current().pid()));
  }

  @Test
  void showsThemToAnInterruptedThreadToo() {
    Thread.currentThread().interrupt();
    var entries = ProcessTable.read();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(entries).extracting(ProcessTable.Entry::pid).contains(ProcessHandle.current().pid());
  }
}
