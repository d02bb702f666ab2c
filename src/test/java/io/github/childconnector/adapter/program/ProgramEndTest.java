package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramEndTest {
  @Test
  void showsTheListOfSignalsItNames() {
    assertThat(List.of(129, 137, 144, 0, 75))
        .extracting(ProgramEnd::how)
        .containsExactly(
            "was ended by SIGHUP (exit status 129)",
            "was ended by SIGKILL, as the kernel does when memory runs out (exit status 137)",
            "ended with exit status 144",
            "ended with exit status 0",
            "ended with exit status 75");
  }
}
