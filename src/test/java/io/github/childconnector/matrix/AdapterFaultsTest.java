package io.github.childconnector.matrix;

import static io.github.childconnector.matrix.AdapterFault.NEW;
import static io.github.childconnector.matrix.AdapterFault.OLD;
import static io.github.childconnector.matrix.AdapterFault.broken;
import static io.github.childconnector.matrix.AdapterFault.endless;
import static io.github.childconnector.matrix.AdapterFault.failing;
import static io.github.childconnector.matrix.AdapterFault.harmless;
import static io.github.childconnector.matrix.AdapterFault.unrestored;
import static io.github.childconnector.matrix.AdapterFault.unseen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the operator's programs do: each operation ends within its bounds with the truth about
 * the device, its child and its bus are free for the next one, which gets verified bytes, and
 * nothing is left behind. One connector goes through all of it.
 */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@IntegrationTest
class AdapterFaultsTest {
  private static final String CHANGED = "digest-mismatch: The stored image .* was changed";
  private static final List<AdapterFault> FAULTS =
      List.of(
          endless("hangs", "%hang%"),
          endless("ignores TERM", "trap '' TERM HUP INT; %hang%"),
          endless("stops itself", "kill -STOP $$"),
          endless("floods its output", "exec yes"),
          endless("floods its output without a line end", "exec tr '\\0' x </dev/zero"),
          endless("floods its errors", "exec yes >&2"),
          endless("floods both outputs", "yes >&2 & exec yes"),
          endless("floods with progress", "while :; do echo progress $((i = (i + 1) % 100)); done"),
          endless("closes its outputs and hangs", "exec >&- 2>&-; %hang%"),
          endless("hangs in a grandchild", "sh -c 'sh -c \"trap \\\"\\\" TERM; sleep 1000\"'"),
          endless("hangs with 200 children", "for i in $(seq 200); do sleep 1000 & done; %hang%"),
          endless("hangs behind a stranger", "(setsid sh -c 'sleep 1000 &' &); %hang%"),
          harmless("leaves a child", "sleep 1000 &"),
          harmless("leaves an orphan", "(sleep 1000 &)"),
          harmless("leaves one that ignores TERM", "(trap '' TERM; sleep 1000 & wait) &"),
          harmless("leaves one with a session", "setsid sleep 1000 &"),
          harmless("leaves an orphan with a session", "(setsid sh -c 'sleep 1000 & exit' &)"),
          harmless("leaves a stranger who floods", "(setsid sh -c 'yes & yes >&2 &' &)"),
          harmless("leaves a stranger without outputs", "(setsid sleep 1000 >&- 2>&- &)"),
          harmless("leaves 200 children", "for i in $(seq 200); do sleep 1000 & done"),
          harmless("closes its outputs", "exec >&- 2>&-; well \"$1\" \"$2\"; exit 0"),
          harmless("writes what is no text", "head -c 100000 /dev/urandom"),
          harmless("writes a line of 10 MB", "head -c 10000000 /dev/zero | tr '\\0' x"),
          harmless("reads its input", "[ -z \"$(cat)\" ] || exit 1"),
          harmless("removes the image", "sleep 1; well \"$1\" \"$2\"; rm \"$1\"; exit 0"),
          broken(
              "overwrites it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; echo evil >\"$1\"; exit 0"),
              CHANGED),
          broken(
              "appends to it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; echo evil >>\"$1\"; exit 0"),
              CHANGED),
          broken(
              "cuts it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; truncate -s 10 \"$1\"; exit 0"),
              CHANGED),
          broken(
              "replaces it",
              it ->
                  it.installsBy(
                      "sleep 1; well \"$1\" \"$2\"; echo evil >evil; mv evil \"$1\"; exit 0"),
              CHANGED),
          broken(
              "links it elsewhere",
              it ->
                  it.installsBy(
                      "sleep 1; well \"$1\" \"$2\"; echo evil >evil; ln -sf $PWD/evil \"$1\"; exit 0"),
              CHANGED),
          failing("fails after overwriting the image", "sleep 1; echo evil >\"$1\"; exit 1", ""),
          failing("fails in no words", "exit 3", "exit status 3 and wrote nothing"),
          failing("fails in no text", "printf 'a\\377\\376b\\0c\\033[31md\\n' >&2; exit 3", ": a"),
          failing("fails in 10 MB", "head -c 10000000 /dev/zero | tr '\\0' x >&2; exit 3", "xxx…"),
          failing("ends by SEGV", "kill -SEGV $$", "SIGSEGV"),
          failing("ends by KILL", "kill -KILL $$", "SIGKILL"),
          failing("ends its whole group", "kill -KILL 0", "SIGKILL"),
          failing("ends by a signal of no name", "kill -USR1 $$", "exit status 138"),
          broken("does nothing", device -> device.runsInstead(OLD), "not-confirmed: .*runs 1.0"),
          broken("is busy for ever", device -> device.isBusy(1000), "device-busy: .*in use"),
          broken("is a directory", AdapterFaultsTest::directory, "install-failed: .*not a file"),
          broken("is missing", AdapterFaultsTest::remove, "install-failed: .*not there"),
          broken("may not run", AdapterFaultsTest::forbid, "install-failed: .*chmod 755"),
          broken(
              "has no interpreter",
              AdapterFaultsTest::misname,
              "install-failed: .*first line.*not installed"),
          new AdapterFault(
              "succeeds after install_timeout", it -> it.succeedsLate(1), "successful\"}", NEW),
          unseen("tells no version in time", "%hang%", "longer than version_timeout"),
          unseen("tells nothing, ignoring TERM", "trap '' TERM; %hang%", "version_timeout"),
          unseen("tells no end of versions", "exec yes 2.0", "longer than version_timeout"),
          unseen("tells no version", "exit 0", "wrote no version"),
          unseen("fails to tell", "echo 2.0; echo gone >&2; exit 1", "exit status 1: gone"),
          unseen("tells and dies", "echo 2.0; kill -SEGV $$", "SIGSEGV"),
          unseen("tells too late", "sleep 1000; echo 2.0", "longer than version_timeout"),
          unseen(
              "tells 10 MB",
              "head -c 10000000 /dev/zero | tr '\\0' 2",
              "more than the 256 of a version"),
          new AdapterFault(
              "tells colours and space",
              it -> it.answersBy("printf ' \\033[1m%s\\033[0m \\r\\n' $(cat version); exit 0"),
              "successful\"}",
              NEW),
          new AdapterFault(
              "leaves children when it tells",
              it -> it.answersBy("(setsid sleep 1000 &)"),
              "successful\"}",
              NEW),
          unrestored("restores", "", "was restored"),
          unrestored("never restores", "%hang%", "longer than install_timeout"),
          unrestored(
              "never restores, ignoring TERM",
              "trap '' TERM; %hang%",
              "longer than install_timeout"),
          unrestored("floods when it restores", "exec yes", "longer than install_timeout"),
          unrestored("fails to restore", "echo lost >&2; exit 2", "failed too: .*lost"),
          unrestored("leaves children when it restores", "(setsid sleep 1000 &)", "was restored"));

  private static final String NEXT = "3.0";
  private static final String SUCCESSFUL = "successful\"}";
  private static final Pattern SLOW =
      Pattern.compile("install-timeout: |not-confirmed: .*longer than version_timeout");

  private final Tally tally = new Tally("adapter");
  private final List<FakeDevice> devices = new ArrayList<>();
  private final List<FakeDevice> neighbours = new ArrayList<>();
  private Gateway gateway;
  private FakeDevice spare;
  private FakeDevice changing;

  private static FakeDevice remove(FakeDevice device) {
    try {
      Files.delete(device.file("install.sh"));
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FakeDevice directory(FakeDevice device) {
    try {
      Files.createDirectory(remove(device).file("install.sh"));
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FakeDevice forbid(FakeDevice device) {
    return program(device, "#!/bin/sh\n", false);
  }

  private static FakeDevice misname(FakeDevice device) {
    return program(device, "#!/no/such/interpreter\n", true);
  }

  private static FakeDevice program(FakeDevice device, String text, boolean executable) {
    try {
      Path program = remove(device).file("install.sh");
      Files.writeString(program, text);
      program.toFile().setExecutable(executable);
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] image) {
    return DigestUtils.sha256Hex(image);
  }

  /** The connector's threads that end some seconds after their work. */
  private static List<String> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(install|download)-.*|flush"))
        .toList();
  }

  private String child(AdapterFault fault) {
    return "child-" + FAULTS.indexOf(fault);
  }

  /** Unlike those of another run on this machine, so that none ends the other's programs. */
  private static String id(String word) {
    return word + "-" + ProcessHandle.current().pid();
  }

  private String neighbour(AdapterFault fault) {
    return "neighbour-" + FAULTS.indexOf(fault);
  }

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    gateway = new Gateway(directory);
    gateway.set("updates", "busy_retry", "\"200ms\"").set("updates", "busy_timeout", "\"1s\"");
    for (AdapterFault fault : FAULTS) {
      String bus = "bus = \"" + child(fault) + "\"";
      devices.add(gateway.child(child(fault), bus, fault.limits()));
      neighbours.add(gateway.child(neighbour(fault), bus));
    }
    spare = gateway.child("spare");
    changing = gateway.child("changing");
    gateway.start();
    gateway.broker.awaitSaved(Gateway.requestTopic("changing"));
    gateway.awaitServing();
  }

  @AfterAll
  void close() throws Exception {
    try {
      verify(
          Count.LEAKS,
          () ->
              await("threads end that have no more work")
                  .untilAsserted(() -> assertThat(workers()).isEmpty()));
    } finally {
      tally.save();
      gateway.close();
    }
  }

  static Stream<AdapterFault> faults() {
    return FAULTS.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aProgram(AdapterFault fault) throws Exception {
    long pipes = pipes();
    FakeDevice device = fault.device().apply(devices.get(FAULTS.indexOf(fault)));
    FakeDevice neighbour = neighbours.get(FAULTS.indexOf(fault));
    gateway.send(child(fault), id("fault"), NEW);
    gateway.send(neighbour(fault), id("waits"), NEW);
    assertTold(child(fault), id("fault"), fault.told());
    assertRuns(device, fault.version());
    assertTold(neighbour(fault), id("waits"), SUCCESSFUL);
    assertHolds(neighbour, NEW);
    device.repair();
    updateNext(child(fault));
    assertHolds(device, NEXT);
    assertNothingLeft(device, pipes);
    tally.add(Count.POINTS, 1);
    tally.add(Count.RUNS, 1);
    tally.add(Count.FLASHES, device.installs() + neighbour.installs());
  }

  /** Some children have so little time that a busy machine may need more than one try. */
  private void updateNext(String child) throws Exception {
    String id = "";
    int tries = 0;
    do {
      id = id("next" + ++tries);
      gateway.send(child, id, NEXT);
    } while (tries < 5 && SLOW.matcher(last(end(child, id))).find());
    assertTold(child, id, SUCCESSFUL);
  }

  private static String last(List<String> told) {
    return told.get(told.size() - 1);
  }

  private void assertTold(String child, String id, String expected) throws Exception {
    tally.add(Count.OPERATIONS, 1);
    List<String> told = end(child, id);
    verify(
        Count.CONTRADICTIONS,
        () ->
            assertThat(told)
                .hasSize(2)
                .first()
                .isEqualTo("{\"id\":\"%s\",\"status\":\"executing\"}".formatted(id)));
    String end = told.get(1);
    verify(Count.CONTRADICTIONS, () -> assertThat(end).containsPattern(expected));
    assertThat(end).doesNotContainPattern("[\\p{Cc}\ufffe]");
    assertThat(end.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(600);
  }

  private List<String> end(String child, String id) throws IOException {
    try {
      return gateway.awaitEnd(child, id);
    } catch (ConditionTimeoutException e) {
      tally.add(Count.LOST, 1);
      throw new AssertionError("no end was told of " + id + " of " + child, e);
    }
  }

  private void assertHolds(FakeDevice device, String version) {
    assertRuns(device, version);
    verify(
        Count.CONTRADICTIONS,
        () -> assertThat(digest(device.image())).isEqualTo(digest(Gateway.image(version))));
  }

  private void assertRuns(FakeDevice device, String version) {
    verify(Count.CONTRADICTIONS, () -> assertThat(device.version()).isEqualTo(version));
  }

  private void assertNothingLeft(FakeDevice device, long pipes) {
    verify(
        Count.LEAKS,
        () -> {
          assertThat(device.processes()).as("processes left").isEmpty();
          await("pipes left").untilAsserted(() -> assertThat(pipes()).isLessThanOrEqualTo(pipes));
        });
  }

  private void verify(Count what, Runnable check) {
    try {
      check.run();
    } catch (AssertionError | ConditionTimeoutException e) {
      tally.add(what, 1);
      throw e;
    }
  }

  private static long pipes() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(AdapterFaultsTest::isPipe).count();
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false; // closed meanwhile, as the one by which the directory is read
    }
  }

  @Test
  void endingOneProgramSparesAnother() throws Exception {
    FakeDevice device = spare.waits();
    gateway.send("spare", id("long"), NEW);
    await().until(device::isInstalling);
    AdapterFault fault = FAULTS.get(0);
    assertThat(fault.device().apply(devices.get(0)).installs()).isPositive();
    gateway.send(child(fault), id("ended"), "4.0");
    assertTold(child(fault), id("ended"), fault.told());
    assertThat(device.isInstalling()).isTrue();
    device.goesOn();
    assertTold("spare", id("long"), SUCCESSFUL);
  }

  @Test
  void aProgramIsRemovedBetweenTwoOperations() throws Exception {
    FakeDevice device = changing;
    gateway.send("changing", id("first"), NEW);
    assertTold("changing", id("first"), SUCCESSFUL);
    remove(device);
    gateway.send("changing", id("second"), NEXT);
    assertTold("changing", id("second"), "install-failed: .*not there.*The device runs " + OLD);
    device.repair();
    gateway.send("changing", id("third"), NEXT);
    assertTold("changing", id("third"), SUCCESSFUL);
  }
}
