package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.program.ProgramEnd.ExitStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
  @Test
  void showsTheListOfSignalsItNames() {
    assertThat(List.of(129, 137, 144, 0, 75))
        .extracting(value -> new ExitStatus(value).toString())
        .containsExactly(
            "was ended by SIGHUP (exit status 129)",
            "was ended by SIGKILL, as the kernel does when memory runs out (exit status 137)",
            "ended with exit status 144",
            "ended with exit status 0",
            "ended with exit status 75");
  }
}
