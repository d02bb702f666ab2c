package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is to be ended is told so, whatever the time. */
@Timeout(300)
@IntegrationTest
class ProcessTreeTest {
  /** It may be over before the processes were found, on a machine that stands still meanwhile. */
  @Test
  void noLimitIsTooShortToBeToldOnce() throws Exception {
    Marks marks = Marks.ofAny(new OperationKey(new ChildId("plc"), "op"));
    Process program = new ProcessBuilder("sleep", "1000").start();
    try {
      ProcessTree tree = ProcessTree.of(program.toHandle(), marks, FakeClock.standing(), () -> {});
      tree.terminate(Duration.ZERO);
      assertThat(program.waitFor(90, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }
  }
}
