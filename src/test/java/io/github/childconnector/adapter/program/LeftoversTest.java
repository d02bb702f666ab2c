package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that cannot be ended, as those of root cannot by another user. */
@Timeout(300)
@IntegrationTest
class LeftoversTest {
  private static final OperationKey OPERATION = new OperationKey(new ChildId("plc"), "left");
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final List<Duration> ended = new ArrayList<>();
  private Optional<IOException> blindness = Optional.empty();
  private SessionNotes notes = new SessionNotes(Path.of(""));
  private Process process;

  /** Sees the processes of this machine, and ends none. */
  private final class StubbornProcesses implements Leftovers.Processes {
    private final ProcessTree tree;

    private StubbornProcesses(ProcessTree tree) {
      this.tree = tree;
    }

    @Override
    public Set<ProcessHandle> running() {
      return tree.running();
    }

    @Override
    public Set<ProcessHandle> end(Duration grace) {
      ended.add(grace);
      return running();
    }

    @Override
    public Set<ProcessHandle> kill(Duration limit) {
      ended.add(limit);
      return running();
    }

    @Override
    public Optional<IOException> blindness() {
      return blindness;
    }

    @Override
    public boolean wasInterrupted() {
      return false;
    }
  }

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    notes = new SessionNotes(directory.resolve("sessions"));
    process = new ProcessBuilder("setsid", "env", "-i", "sh", "-c", "sleep 600; :").start();
  }

  @AfterEach
  void end() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    int unused = process.waitFor();
  }

  private Leftovers leftovers() {
    return new Leftovers(
        notes,
        (marks, numbers) ->
            new StubbornProcesses(ProcessTree.leftBy(marks, numbers, new SystemClock())));
  }

  private ChildId child() {
    return OPERATION.child();
  }

  @Test
  void whatCannotBeEndedHoldsBackEveryUpdateOfTheChildUntilItEnds() throws Exception {
    Optional<Path> unused = notes.note(OPERATION, process.pid());
    assertThatCode(() -> leftovers().requireNone(child())).doesNotThrowAnyException();

    assertThatThrownBy(() -> leftovers().end(OPERATION, GRACE))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageStartingWith("the connector could not end ")
        .hasMessageContaining(process.pid() + " ")
        .hasMessageContaining(" of ")
        .hasMessageContaining("as root (kill ");
    assertThatThrownBy(() -> leftovers().requireNone(child()))
        .hasMessageContaining(Long.toString(process.pid()));
    assertThatCode(() -> leftovers().requireNone(new ChildId("pump"))).doesNotThrowAnyException();

    end();

    leftovers().requireNone(child());
    leftovers().end(OPERATION, GRACE);
    assertThat(notes.left(OPERATION)).isEmpty();
  }

  @Test
  void itsGraceIsGivenOnce() {
    Optional<Path> unused = notes.note(OPERATION, process.pid());
    for (int look = 1; look <= 3; look++) {
      assertThatThrownBy(() -> leftovers().end(OPERATION, GRACE))
          .isInstanceOf(DeviceBusyException.class);
    }
    assertThat(ended).containsExactly(GRACE, Duration.ZERO, Duration.ZERO);
  }

  @Test
  void aProgramOfThisConnectorThatOutlivesItsTimeIsRemembered() throws Exception {
    Optional<Path> note = notes.note(OPERATION, process.pid());
    leftovers().settle(OPERATION, note, Set.of(process.toHandle()));
    assertThatThrownBy(() -> leftovers().requireNone(child()))
        .isInstanceOf(DeviceBusyException.class);

    end();

    assertThatCode(() -> leftovers().requireNone(child())).doesNotThrowAnyException();
    assertThat(note.orElseThrow()).doesNotExist();
  }

  @Test
  void whatCannotBeSeenIsNotTakenForGone() {
    Optional<Path> note = notes.note(OPERATION, process.pid());
    blindness = Optional.of(new IOException("Too many open files"));
    assertThatThrownBy(() -> leftovers().end(OPERATION, GRACE))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageContaining("cannot be seen in /proc (Too many open files)");
    assertThat(note.orElseThrow()).exists();
    assertThat(ended).isEmpty();
  }
}
