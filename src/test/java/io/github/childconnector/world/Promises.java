package io.github.childconnector.world;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.mqtt.RecordingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.NullMarked;

/**
 * What has to be true of every operation once the dust has settled, whatever happened to the
 * connector meanwhile: one truth told, at most one installation, a device that holds what was said
 * of it, and nothing left behind.
 *
 * <pre>
 * Broken broken = Promises.check(storage, requested, cloud.messages());
 * assertThat(broken.all()).as(log).isEmpty();
 * broken.count(tally);
 * </pre>
 */
@NullMarked
public final class Promises {
  private static final Pattern HELD = Pattern.compile("The device runs (.*?)\\.(?=[ \"]|$)");

  private final Path storage;

  /** When each end was told, by the ids of the operations. */
  private final Map<String, List<Long>> told;

  private final List<Requested> requested;
  private final Broken broken = new Broken();

  /**
   * One operation that was requested.
   *
   * @param child the external id, which stands in the topics
   * @param device the child's device; empty if it is not configured
   * @param installs how often at most it may have been installed
   * @param seen whether the device always tells its version when it is asked
   */
  public record Requested(
      String child,
      String id,
      String version,
      String digest,
      Optional<FakeDevice> device,
      int installs,
      boolean seen) {

    /** How often the device was changed, not counted where it was too busy for it. */
    int installed() {
      return times(FakeDevice::flashedOperations);
    }

    int restored() {
      return times(FakeDevice::restoredOperations);
    }

    private int times(Function<FakeDevice, List<String>> done) {
      return (int)
          device.stream().flatMap(one -> done.apply(one).stream()).filter(id::equals).count();
    }
  }

  /** What was said of an operation at one time. */
  private record Said(String id, String status, String text) {
    static Said of(RecordingClient.Message message) {
      JsonObject document = JsonParser.parseString(message.text()).getAsJsonObject();
      String id = document.get("id").getAsString();
      String status = document.get("status").getAsString();
      return new Said(id, status, message.text());
    }

    boolean isEnd() {
      return !status.equals("executing");
    }
  }

  private Promises(Path storage, List<Requested> requested) {
    this.storage = storage;
    this.told = NotedLink.read(storage);
    this.requested = requested;
  }

  /**
   * Compares what was said with what is there now.
   *
   * @param storage the connector's storage directory
   * @param requested in the order of their requests
   * @param said all that the requester's side of the broker has received
   */
  public static Broken check(
      Path storage, List<Requested> requested, List<RecordingClient.Message> said) {
    Promises promises = new Promises(storage, requested);
    promises.checkOperations(said);
    promises.checkPauses();
    promises.broken.checkJournal(storage.resolve("operations"), new LocalDisk());
    promises.checkFiles();
    promises.checkProcesses();
    return promises.broken;
  }

  private void checkOperations(List<RecordingClient.Message> said) {
    LinkedHashMap<String, List<Requested>> children =
        requested.stream().collect(groupingBy(Requested::child, LinkedHashMap::new, toList()));
    children.forEach((child, operations) -> checkChild(operations, saidOf(child, said)));
  }

  private static List<Said> saidOf(String child, List<RecordingClient.Message> said) {
    return said.stream()
        .filter(message -> message.topic().equals(Gateway.responseTopic(child)))
        .map(Said::of)
        .toList();
  }

  private void checkChild(List<Requested> operations, List<Said> said) {
    Optional<String> holds = operations.get(0).device().map(FakeDevice::firstVersion);
    for (Requested operation : operations) {
      List<Said> own = said.stream().filter(one -> one.id().equals(operation.id())).toList();
      checkSaid(operation, own);
      checkInstalls(operation);
      Optional<Said> end = own.stream().filter(Said::isEnd).findFirst();
      holds = end.isPresent() ? held(operation, end.get(), holds) : Optional.empty();
    }
    checkDevice(operations.get(operations.size() - 1), holds);
  }

  private void checkSaid(Requested operation, List<Said> said) {
    broken.checkEnds(operation.id(), said, Said::isEnd, Said::text);
    if (said.stream().anyMatch(Said::isEnd) && !told.containsKey(operation.id())) {
      broken.contradict("%s: an end was heard, and none was told".formatted(operation.id()));
    }
  }

  private void checkPauses() {
    requested.stream()
        .map(Requested::id)
        .distinct()
        .forEach(id -> broken.checkPauses(id, told.getOrDefault(id, List.of())));
  }

  private void checkInstalls(Requested operation) {
    int installed = operation.installed();
    if (installed > operation.installs()) {
      broken.contradict(
          "%s: installed %d times, where %d is the most"
              .formatted(operation.id(), installed, operation.installs()));
    }
    if (operation.restored() > 1) {
      broken.contradict("%s: restored %d times".formatted(operation.id(), operation.restored()));
    }
  }

  /** What the device holds after an operation by what was said of it; empty if that is unknown. */
  private Optional<String> held(Requested operation, Said end, Optional<String> before) {
    if (end.status().equals("successful")) {
      return Optional.of(operation.version());
    }
    List<String> held = HELD.matcher(end.text()).results().map(found -> found.group(1)).toList();
    if (!held.isEmpty()) {
      return Optional.of(held.get(held.size() - 1));
    }
    if (operation.installed() == 0) {
      return before;
    }
    if (operation.seen()) {
      broken.contradict(
          "%s: touched the device, but does not say what it holds: %s"
              .formatted(operation.id(), end.text()));
    }
    return Optional.empty();
  }

  private void checkDevice(Requested last, Optional<String> holds) {
    if (last.device().isEmpty() || holds.isEmpty()) {
      return;
    }
    FakeDevice device = last.device().get();
    if (!device.version().equals(holds.get())) {
      broken.contradict(
          "%s: the device runs %s, where %s was said"
              .formatted(last.id(), device.version(), holds.get()));
    } else if (holds.get().equals(last.version()) && last.installed() > 0) {
      checkImage(last, device);
    }
  }

  private void checkImage(Requested last, FakeDevice device) {
    if (!DigestUtils.sha256Hex(device.image()).equals(last.digest())) {
      broken.contradict("%s: the device got other bytes".formatted(last.id()));
    }
  }

  private void checkFiles() {
    for (String directory : List.of("operations", "images")) {
      // Not walked: a file may go while one looks.
      try (Stream<Path> files = Files.list(storage.resolve(directory))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches(".*\\.(tmp|part(\\..*)?|damaged)"))
            .forEach(name -> broken.leak("left behind in " + directory + ": " + name));
      } catch (IOException e) {
        broken.lose("the storage directory cannot be read: " + e);
      }
    }
  }

  private void checkProcesses() {
    Set<String> atWork = FakeDevice.operationsAtWork(storage.resolveSibling(""));
    requested.stream()
        .filter(operation -> atWork.contains(operation.id()))
        .forEach(operation -> broken.leak(operation.id() + ": a program is still at work"));
  }
}
