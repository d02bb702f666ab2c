package io.github.childconnector.matrix;

import static io.github.childconnector.matrix.AdapterFault.NEW;
import static io.github.childconnector.matrix.AdapterFault.OLD;
import static io.github.childconnector.world.Gateway.requestTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * nothing is left behind. One connector goes through all of it, with {@value #LANES} of them at a
 * time, because each waits most of the time.
 */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@IntegrationTest
class AdapterFaultsTest {
  private static final int LANES = 12;
  private static final String NEXT = "3.0";
  private static final String SUCCESSFUL = "successful\"}";
  private static final Pattern SLOW =
      Pattern.compile("install-timeout: |not-confirmed: .*longer than version_timeout");

  private final Tally tally = new Tally("adapter");
  private final ExecutorService lanes = Executors.newFixedThreadPool(LANES);
  private final Map<AdapterFault, Future<?>> courses = new HashMap<>();
  private final List<FakeDevice> devices = new ArrayList<>();
  private final List<FakeDevice> neighbours = new ArrayList<>();
  private Gateway gateway;
  private RecordingClient cloud;
  private FakeDevice spare;
  private FakeDevice changing;
  private long pipes;

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
    return "child-" + AdapterFaults.ALL.indexOf(fault);
  }

  /** Unlike those of another run on this machine, so that none ends the other's programs. */
  private static String id(String word) {
    return word + "-" + ProcessHandle.current().pid();
  }

  private String neighbour(AdapterFault fault) {
    return "neighbour-" + AdapterFaults.ALL.indexOf(fault);
  }

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    gateway = new Gateway(directory);
    gateway
        .set("updates", "busy_retry", "\"200ms\"")
        .set("updates", "busy_timeout", "\"1s\"")
        .set("updates", "parallel_installs", Integer.toString(2 * LANES));
    for (AdapterFault fault : AdapterFaults.ALL) {
      String bus = "bus = \"" + child(fault) + "\"";
      devices.add(gateway.child(child(fault), bus, fault.limits()));
      neighbours.add(gateway.child(neighbour(fault), bus));
    }
    spare = gateway.child("spare");
    changing = gateway.child("changing");
    gateway.start();
    gateway.broker.awaitSaved(requestTopic("changing"));
    gateway.awaitServing();
    cloud = gateway.cloud();
    pipes = pipes();
    for (AdapterFault fault : AdapterFaults.ALL) {
      courses.put(fault, lanes.submit(() -> goThrough(fault)));
    }
  }

  @AfterAll
  void close() throws Exception {
    try {
      verify(
          Count.LEAKS,
          () -> {
            await("threads end that have no more work")
                .untilAsserted(() -> assertThat(workers()).isEmpty());
            await("pipes left").untilAsserted(() -> assertThat(pipes()).isLessThanOrEqualTo(pipes));
          });
    } finally {
      lanes.shutdownNow();
      tally.save();
      gateway.close();
    }
  }

  static Stream<AdapterFault> faults() {
    return AdapterFaults.ALL.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aProgram(AdapterFault fault) throws Exception {
    Objects.requireNonNull(courses.get(fault)).get();
  }

  /** From a fault to the next update, which nothing of it disturbs. */
  private boolean goThrough(AdapterFault fault) throws Exception {
    FakeDevice device = fault.device().apply(devices.get(AdapterFaults.ALL.indexOf(fault)));
    FakeDevice neighbour = neighbours.get(AdapterFaults.ALL.indexOf(fault));
    send(fault, child(fault), id("fault"), NEW);
    send(fault, neighbour(fault), id("waits"), NEW);
    assertTold(child(fault), id("fault"), fault.told());
    assertRuns(device, fault.version());
    assertTold(neighbour(fault), id("waits"), SUCCESSFUL);
    assertHolds(neighbour, fault, NEW);
    device.repair();
    updateNext(fault);
    assertHolds(device, fault, NEXT);
    verify(Count.LEAKS, () -> assertThat(device.processes()).as("processes left").isEmpty());
    tally.add(Count.POINTS, 1);
    tally.add(Count.RUNS, 1);
    tally.add(Count.FLASHES, device.installs() + neighbour.installs());
    return true;
  }

  /** Of each fault an image of its own, since some change it where it is stored. */
  private static byte[] image(AdapterFault fault, String version) {
    return Gateway.image(version + " for a program that " + fault);
  }

  private void send(AdapterFault fault, String child, String id, String version)
      throws IOException {
    byte[] image = image(fault, version);
    String digest = digest(image);
    String url = gateway.files.offer("c/firmware_update/" + digest, image);
    cloud.publish(requestTopic(child), Gateway.request(id, version, digest, url));
  }

  /** Some children have so little time that a busy machine may need more than one try. */
  private void updateNext(AdapterFault fault) throws Exception {
    String child = child(fault);
    String id = "";
    int tries = 0;
    do {
      id = id("next" + ++tries);
      send(fault, child, id, NEXT);
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

  private void assertHolds(FakeDevice device, AdapterFault fault, String version) {
    assertRuns(device, version);
    verify(
        Count.CONTRADICTIONS,
        () -> assertThat(digest(device.image())).isEqualTo(digest(image(fault, version))));
  }

  private void assertRuns(FakeDevice device, String version) {
    verify(Count.CONTRADICTIONS, () -> assertThat(device.version()).isEqualTo(version));
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
    AdapterFault fault = AdapterFaults.ALL.get(0);
    aProgram(fault);
    FakeDevice unused = fault.device().apply(devices.get(0));
    send(fault, child(fault), id("ended"), "4.0");
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
    AdapterFaults.remove(device);
    gateway.send("changing", id("second"), NEXT);
    assertTold("changing", id("second"), "install-failed: .*not there.*The device runs " + OLD);
    device.repair();
    gateway.send("changing", id("third"), NEXT);
    assertTold("changing", id("third"), SUCCESSFUL);
  }
}
