package io.github.childconnector.adapter.command;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.Launcher;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.clock.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a program has started is gone when a call is over. */
@Timeout(300)
@IntegrationTest
class EndingTest {
  private static final String NOTE = "echo $$ >>\"$here/pids\"; ";
  private static final String IGNORE = "trap \"\" TERM; ";
  private static final String HANG = "while :; do sleep 0.05; done";

  private final RecordingProgress progress = new RecordingProgress();
  private Bench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  @AfterEach
  void leaveNothing() {
    bench.running().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  private DeviceAdapter installer(String body, Duration grace) {
    String program = bench.script("flash.sh", body);
    return Bench.adapter(ScriptedSettings.installing(program).with("stop_grace", grace));
  }

  /** An installation in a thread of its own; its result is the exception it ended with. */
  private final class Running {
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private final Thread thread;

    private Running(DeviceAdapter adapter) {
      Installation installation = bench.installation("2.0");
      thread =
          new Thread(
              () -> {
                try {
                  adapter.install(installation, progress);
                  end.complete(new AssertionError("ended without an exception"));
                } catch (Throwable e) {
                  end.complete(e);
                }
              });
      thread.start();
    }

    private Throwable interrupt() throws Exception {
      thread.interrupt();
      return end();
    }

    private Throwable end() throws InterruptedException, ExecutionException {
      try {
        return end.get(90, SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError("the call did not end", e);
      }
    }
  }

  private void awaitProcesses(int count) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(bench.file("pids")) && bench.running().size() == count);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a hanging program                | 1 | %note% %hang%",
        "one that ignores TERM            | 1 | %ignore% %note% %hang%",
        "its children                     | 2 | %note% sh -c '%note% %hang%'; :",
        "children that ignore TERM        | 2 | %note% sh -c '%ignore% %note% %hang%'; :",
        "grandchildren without parents    | 2 | (sh -c '%note% %hang%' &) ; %note% %hang%",
        "those of them that ignore TERM   | 2 | (sh -c '%ignore% %note% %hang%' &) ; %note% %hang%",
        "those of a program without output| 2 | exec >&- 2>&-; (sh -c '%note% %hang%' &) ; %note% %hang%",
        "children with a session          | 2 | setsid -w sh -c '%note% %hang%' & %note% %hang%",
        "orphans with a session           | 2 | (setsid sh -c '%ignore% %note% %hang%' &); %note% %hang%",
        "an endless flood                 | 2 | sh -c '%note% exec yes' & %note% exec yes",
        "a stopped one                    | 1 | %note% kill -STOP $$",
      })
  void anInterruptEnds(String name, int processes, String body) throws Exception {
    String script =
        "export here; "
            + body.replace("%note%", NOTE).replace("%ignore%", IGNORE).replace("%hang%", HANG);
    Running running = new Running(installer(script, Duration.ofMillis(200)));
    awaitProcesses(processes);

    assertThat(running.interrupt()).isInstanceOf(InterruptedException.class);
    assertThat(bench.running()).isEmpty();
    assertThat(progress.said()).anyMatch(line -> line.startsWith("still running, and ended now: "));
  }

  /** As a connector that was killed leaves it: nobody's child any more, and in no known session. */
  private Process orphan(String operation) throws IOException {
    String program =
        bench.script("left.sh", "export here; " + NOTE + "sh -c '" + NOTE + HANG + "'; :");
    ProcessBuilder left = new ProcessBuilder("setsid", program);
    left.environment().putAll(Map.of("CHILD_ID", Bench.CHILD.value(), "OPERATION_ID", operation));
    return left.start();
  }

  @Test
  void whatAnEarlierConnectorLeftIsEndedByItsOperation() throws Exception {
    Process left = orphan(Bench.OPERATION);
    awaitProcesses(2);
    installer("exit 0", Duration.ofSeconds(5)).endLeftovers(bench.installation("2.0").update());
    assertThat(bench.running()).isEmpty();
    assertThat(left.waitFor(60, SECONDS)).isTrue();
  }

  @Test
  void whatBelongsToAnotherOperationIsLeftAlone() throws Exception {
    Process other = orphan("another");
    awaitProcesses(2);
    installer("exit 0", Duration.ofSeconds(5)).endLeftovers(bench.installation("2.0").update());
    assertThat(bench.running()).hasSize(2);
    other.destroyForcibly();
  }

  @Test
  void aProgramMayCleanUpWithinItsGrace() throws Exception {
    String body =
        "trap 'sleep 0.3; echo cleaned >&2; : >\"$here/cleaned\"; exit 1' TERM; " + NOTE + HANG;
    Running running = new Running(installer(body, Duration.ofSeconds(60)));
    awaitProcesses(1);

    assertThat(running.interrupt()).isInstanceOf(InterruptedException.class);
    assertThat(bench.file("cleaned")).exists();
    assertThat(progress.said()).last().isEqualTo("cleaned");
  }

  @Test
  void moreInterruptsLeaveNothingBehind() throws Exception {
    Running running = new Running(installer(IGNORE + NOTE + HANG, Duration.ofMillis(500)));
    awaitProcesses(1);
    running.thread.interrupt();
    await().until(() -> !progress.said().isEmpty());
    for (int i = 0; i < 50; i++) {
      running.thread.interrupt();
    }

    assertThat(running.end()).isInstanceOf(InterruptedException.class);
    assertThat(bench.running()).isEmpty();
  }

  @Test
  void anInterruptedThreadStartsNothing() throws Exception {
    DeviceAdapter adapter = installer(": >\"$here/ran\"", Duration.ofSeconds(1));
    Installation installation = bench.installation("2.0");
    Thread.currentThread().interrupt();

    assertThat(catchThrowable(() -> adapter.install(installation, progress)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(bench.file("ran")).doesNotExist();
  }

  @Test
  void withoutSetsidTheDescendantsAreFound() throws Exception {
    String program =
        bench.script(
            "flash.sh", "export here; sh -c '" + IGNORE + NOTE + HANG + "' & " + NOTE + HANG);
    CommandAdapter adapter =
        CommandAdapter.read(ScriptedSettings.installing(program).section(), new SystemClock());
    Launcher launcher = new Launcher(Optional.empty(), Map.of(), Optional.empty());
    Running running =
        new Running(
            adapter.with(new Programs(launcher, Duration.ofMillis(200), new SystemClock())));
    awaitProcesses(2);

    assertThat(running.interrupt()).isInstanceOf(InterruptedException.class);
    assertThat(bench.running()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "in the background       | sh -c '%note% %hang%' &",
        "without a parent        | (sh -c '%note% %hang%' &)",
        "in another session      | setsid sh -c '%note% %hang%' &",
        "and without a parent    | (setsid sh -c '%ignore% %note% %hang%' &)",
        "ignoring TERM           | sh -c '%ignore% %note% %hang%' &",
        "flooding the output     | sh -c '%ignore% %note% exec yes' &",
      })
  void whatAProgramLeavesIsEnded(String name, String body) throws Exception {
    String script =
        "export here; "
            + body.replace("%note%", NOTE).replace("%ignore%", IGNORE).replace("%hang%", HANG)
            + "\nuntil [ -s \"$here/pids\" ]; do sleep 0.01; done; echo over >&2";
    installer(script, Duration.ofMillis(500)).install(bench.installation("2.0"), progress);

    assertThat(bench.running()).isEmpty();
    assertThat(progress.said())
        .contains("over")
        .anyMatch(line -> line.startsWith("still running, and ended now: "));
  }

  /** On which what a program leaves has 100 s instead of half a second. */
  private static final class SlowClock implements MonotonicClock {
    private final SystemClock clock = new SystemClock();

    @Override
    public long nanoTime() {
      return clock.nanoTime() / 200;
    }

    @Override
    public void sleep(Duration pause) throws InterruptedException {
      clock.sleep(pause);
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
      return clock.schedule(delay.multipliedBy(200), action);
    }

    @Override
    public Timer repeat(Duration interval, Runnable action) {
      return clock.repeat(interval.multipliedBy(200), action);
    }

    @Override
    public Threads threads() {
      return clock.threads();
    }
  }

  @Test
  void whatEndsByItselfIsNotDisturbed() throws Exception {
    String program =
        bench.script(
            "flash.sh",
            "(trap ': >\"$here/disturbed\"' TERM; sleep 0.05; : >\"$here/ended\"; echo last) &");
    CommandAdapter.read(ScriptedSettings.installing(program).section(), new SlowClock())
        .install(bench.installation("2.0"), progress);

    assertThat(progress.said()).containsExactly("last");
    assertThat(bench.file("ended")).exists();
    assertThat(bench.file("disturbed")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sleep 300", "yes"})
  void aStrangerWhoHoldsTheOutputDoesNotHang(String stranger) throws Exception {
    String body =
        "export here; env -u OPERATION_ID setsid sh -c '"
            + NOTE
            + "exec "
            + stranger
            + "' &\nuntil [ -s \"$here/pids\" ]; do sleep 0.01; done; echo over >&2";
    Duration grace = Duration.ofMillis(200);
    assertTimeout(
        Duration.ofMinutes(2),
        () -> installer(body, grace).install(bench.installation("2.0"), progress));

    assertThat(progress.said()).contains("over");
  }
}
