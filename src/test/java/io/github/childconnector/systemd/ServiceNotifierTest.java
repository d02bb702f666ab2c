package io.github.childconnector.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.systemd.ServiceNotifier.NotifyProgram;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class ServiceNotifierTest {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final String EXTENDED = "EXTEND_TIMEOUT_USEC=150000000";
  private static final Map<String, String> ASKED = Map.of("NOTIFY_SOCKET", "/run/test/notify");

  @TempDir private Path directory = Path.of("");

  private Path program(String body) throws IOException {
    Path program = directory.resolve("systemd-notify");
    Files.writeString(program, "#!/bin/sh\n" + body);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Path recordingProgram() throws IOException {
    return program("printf '[%s]' \"$NOTIFY_SOCKET\" \"$@\" >> '" + record() + "'\n");
  }

  private Path record() {
    return directory.resolve("record");
  }

  private static ServiceNotifier notifier(Map<String, String> environment, Path... places) {
    return new ServiceNotifier(
        NotifyProgram.of(environment, List.of(places)),
        Optional.empty(),
        FakeClock.standing().threads());
  }

  private static ServiceNotifier notifier(ServiceNotifier.Channel channel) {
    return new ServiceNotifier(
        Optional.of(channel), Optional.empty(), FakeClock.standing().threads());
  }

  @Test
  @IntegrationTest
  void theProgramIsGivenTheSocketAndTheWholeStatusAsOneWord() throws Exception {
    try (ServiceNotifier notifier = notifier(ASKED, directory.resolve("no"), recordingProgram())) {
      notifier.status("2 children; $(id) 'x'\n\tREADY=1 ");
    }

    assertThat(record()).hasContent("[/run/test/notify][STATUS=2 children; $(id) 'x' READY=1]");
  }

  @ParameterizedTest
  @CsvSource({"NOTIFY_SOCKET, ''", "OTHER, x"})
  @IntegrationTest
  void withoutASocketTheProgramIsNeverRun(String name, String value) throws Exception {
    try (ServiceNotifier notifier = notifier(Map.of(name, value), recordingProgram())) {
      notifier.ready();
      notifier.status("idle");
      notifier.stopping(LIMIT);
    }

    assertThat(record()).doesNotExist();
  }

  @Test
  void orderIsKeptAndOnlyTheLastStatusCounts() throws Exception {
    RecordingChannel channel = new RecordingChannel();
    try (ServiceNotifier notifier = notifier(channel)) {
      notifier.status("starting");
      channel.awaitFirst();
      notifier.status("connecting");
      notifier.ready();
      notifier.status("1 child");
      notifier.status("2 children");
      notifier.reloading();
      notifier.reloading();
      notifier.stopping(LIMIT);
      channel.release();
      await().until(() -> channel.messages().size() == 2);
    }

    assertThat(channel.messages())
        .containsExactly(
            List.of("STATUS=starting"),
            List.of("READY=1", "STATUS=2 children", "RELOADING=1", EXTENDED, "STOPPING=1"));
  }

  @Test
  void aStatusThatHasNotChangedIsNotSaidAgain() {
    RecordingChannel channel = new RecordingChannel();
    channel.release();
    try (ServiceNotifier notifier = notifier(channel)) {
      notifier.status("idle");
      await().until(() -> channel.messages().size() == 1);
      notifier.status("idle ");
      notifier.stopping(LIMIT);
    }

    assertThat(channel.messages())
        .containsExactly(List.of("STATUS=idle"), List.of(EXTENDED, "STOPPING=1"));
  }

  @Test
  void whatCannotBeSentIsLoggedOnceAndTriedEveryTime() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    ServiceNotifier.Channel broken =
        assignments -> {
          throw new IOException("broken for the test, call " + calls.incrementAndGet());
        };
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class)) {
      try (ServiceNotifier notifier = notifier(broken)) {
        notifier.ready();
        await().until(() -> calls.get() == 1);
        notifier.reloading();
      }

      assertThat(calls).hasValue(2);
      assertThat(log.lines())
          .containsExactly(
              "WARNING Cannot tell systemd how the service is: broken for the test, call 1");
    }
  }

  /** A pool that has no thread for what it is handed first, as where the system has none left. */
  private static final class BrokenPool extends ThreadPoolExecutor {
    private final AtomicBoolean isBroken = new AtomicBoolean(true);

    BrokenPool() {
      super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    public void execute(Runnable work) {
      if (isBroken.getAndSet(false)) {
        throw new OutOfMemoryError("unable to create native thread (for the test)");
      }
      super.execute(work);
    }
  }

  private static Threads threads(ExecutorService onlyPool) {
    return (Threads)
        Proxy.newProxyInstance(
            Threads.class.getClassLoader(),
            new Class<?>[] {Threads.class},
            (proxy, method, arguments) ->
                method.getName().equals("daemonPool")
                    ? onlyPool
                    : method.invoke(FakeClock.standing().threads(), arguments));
  }

  @Test
  void whatNoThreadCouldBeMadeForIsSaidWithTheNext() {
    RecordingChannel channel = new RecordingChannel();
    channel.release();
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class)) {
      try (ServiceNotifier notifier =
          new ServiceNotifier(Optional.of(channel), Optional.empty(), threads(new BrokenPool()))) {
        notifier.ready();
        notifier.reloading();
      }

      assertThat(channel.messages()).containsExactly(List.of("READY=1", "RELOADING=1"));
      assertThat(log.lines())
          .containsExactly(
              "WARNING Cannot tell systemd how the service is: unable to create native thread (for"
                  + " the test)");
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 3, ended with exit code 3", "exec sleep 1000, did not end within 5 seconds"})
  @IntegrationTest
  void aProgramThatFailsIsNamedAndEnded(String body, String sentence) throws Exception {
    Path pid = directory.resolve("pid");
    Path program = program("echo $$ > '" + pid + "'\n" + body + "\n");
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class)) {
      try (ServiceNotifier notifier = notifier(ASKED, program)) {
        notifier.ready();
        await().until(() -> !log.lines().isEmpty());
      }

      long process = Long.parseLong(Files.readString(pid).strip());
      await().until(() -> ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());

      assertThat(log.lines())
          .containsExactly(
              "WARNING Cannot tell systemd how the service is: " + program + " " + sentence);
    }
  }

  @Test
  @IntegrationTest
  void aProgramThatIsMissingIsNamed() {
    try (RecordingLog log = RecordingLog.of(ServiceNotifier.class)) {
      try (ServiceNotifier notifier = notifier(ASKED, directory.resolve("a"))) {
        notifier.ready();
      }

      assertThat(log.lines())
          .containsExactly(
              "WARNING Cannot tell systemd how the service is: there is no program "
                  + directory.resolve("a"));
    }
  }

  @Test
  void afterTheEndNothingIsSaidAndNothingThrown() {
    RecordingChannel channel = new RecordingChannel();
    channel.release();
    ServiceNotifier notifier = notifier(channel);
    notifier.close();

    notifier.status("too late");

    assertThat(channel.messages()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "30000000,            4711, PT15S",
    "30000000,            '',   PT15S",
    "3,                   4711, PT0.0000015S",
    "30000000,            4712, ''",
    "0,                   4711, ''",
    "-5,                  4711, ''",
    "'',                  4711, ''",
    "many,                4711, ''",
    "99999999999999999999, 4711, ''"
  })
  void theWatchdogIsFedAtHalfItsTime(String microseconds, String pid, String interval) {
    Map<String, String> environment =
        pid.isEmpty()
            ? Map.of("WATCHDOG_USEC", microseconds)
            : Map.of("WATCHDOG_USEC", microseconds, "WATCHDOG_PID", pid);

    assertThat(ServiceNotifier.watchdogInterval(environment, 4711).map(Duration::toString))
        .isEqualTo(Optional.of(interval).filter(text -> !text.isEmpty()));
  }

  @Test
  void withoutAWatchdogThereIsNoInterval() {
    assertThat(ServiceNotifier.watchdogInterval(Map.of(), 4711)).isEmpty();
  }

  @Test
  @IntegrationTest
  void systemdsOwnProgramReachesARealSocket() throws Exception {
    try (NotifyListener systemd = NotifyListener.in(directory)) {
      try (ServiceNotifier notifier =
          ServiceNotifier.of(
              Map.of("NOTIFY_SOCKET", systemd.socket()), FakeClock.standing().threads())) {
        notifier.ready();
        notifier.status("2 Geräte");
        notifier.stopping(LIMIT);
      }
      assertThat(systemd.untilStopped())
          .containsExactly("READY=1", "STATUS=2 Geräte", EXTENDED, "STOPPING=1");
    }
  }
}
