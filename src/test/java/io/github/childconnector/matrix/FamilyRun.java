package io.github.childconnector.matrix;

import static org.awaitility.Awaitility.await;

import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.matrix.SimulatedFamily.Place;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.BreakableDaemon;
import io.github.childconnector.world.Broken;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.FaultPoints;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.Promises;
import io.github.childconnector.world.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.NullMarked;

/** One update of one simulated device, with a connector or a device that is killed once. */
@NullMarked
final class FamilyRun implements AutoCloseable {
  private static final Duration LIMIT = Patience.LONGEST;

  /** A fault that has not come for so long after the end does not come any more. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final CrashBench bench;
  private final SimulatedFamily family;
  private final Fault fault;
  private final Path directory;
  private final Place place;
  private final FamilyTruth truth;
  private final RecordingClient cloud;
  private final StringBuilder account = new StringBuilder();
  private Optional<Daemon> daemon = Optional.empty();
  private Optional<Daemon> device = Optional.empty();
  private final List<String> steps = new ArrayList<>();
  private int lives;
  private int kills;

  /**
   * What is done to whom.
   *
   * @param point of the connector, or empty
   * @param step of the device, or empty
   */
  record Fault(String point, String step) {
    static final Fault NONE = new Fault("", "");
  }

  /**
   * What came of it.
   *
   * @param points where the connector could have been killed
   * @param steps where the device could have been
   * @param isReached whether the fault has happened
   */
  record Course(
      List<String> points,
      List<String> steps,
      boolean isReached,
      List<String> broken,
      String account) {}

  FamilyRun(CrashBench bench, SimulatedFamily family, Fault fault, int port) throws IOException {
    this.bench = bench;
    this.family = family;
    this.fault = fault;
    this.directory = bench.room();
    Path flash = Files.createDirectory(directory.resolve("device"));
    Path certificates = directory.resolveSibling("certificates");
    this.place =
        new Place(
            directory.getFileName().toString(), flash, bench.broker.port(), port, certificates);
    this.truth = new FamilyTruth(family, place);
    this.cloud = RecordingClient.connect(bench.broker.port());
  }

  /** From the request to its end, and once more. */
  Course live() throws IOException, InterruptedException {
    begin();
    startDevice(fault.step());
    startConnector(fault.point());
    long[] settled = {0};
    within(
        () -> {
          recover();
          settled[0] = !isSettled() ? 0 : settled[0] == 0 ? System.nanoTime() : settled[0];
          return settled[0] != 0
              && (isReached() || System.nanoTime() - settled[0] > QUIET.toNanos());
        });
    boolean reached = isReached();
    List<String> points = points();
    recover();
    List<String> broken = broken();
    count(broken);
    return new Course(points, List.copyOf(steps), reached, broken, account());
  }

  /** Lets the request wait at the broker, as for a connector that is down for a moment. */
  private void begin() throws IOException {
    Files.writeString(config(), toml());
    String topic = Gateway.requestTopic(place.name());
    RecordingClient.leaveSession(bench.broker.port(), place.name() + "-c", List.of(topic));
    cloud.record(Gateway.responseTopic(place.name()));
    send();
  }

  private void send() throws IOException {
    byte[] image = family.newImage();
    String url = bench.files.offer("c/firmware_update/" + family, image);
    String request = Gateway.request(id(), family.newVersion(), DigestUtils.sha256Hex(image), url);
    cloud.publish(Gateway.requestTopic(place.name()), request);
  }

  private String id() {
    return place.name() + "-op";
  }

  private Path config() {
    return directory.resolve("connector.toml");
  }

  private Path storage() {
    return directory.resolve("state");
  }

  private String toml() throws IOException {
    String name = family.name().toLowerCase(Locale.ROOT);
    return """
        [mqtt]
        port = %d
        client_id = "%s-c"
        [thin_edge]
        config_dir = "%s"
        [storage]
        directory = "%s"
        [updates]
        confirm_interval = "400ms"
        busy_retry = "300ms"
        shutdown_grace = "0s"
        [download]
        min_free = "1KiB"
        [[child]]
        id = "%s"
        adapter = "%s"
        install_timeout = "5m"
        confirm_timeout = "%s"
        [child.%s]
        %s
        """
        .formatted(
            bench.broker.port(),
            place.name(),
            bench.tedge(),
            storage(),
            place.name(),
            name,
            patience(),
            name,
            family.table(place));
  }

  /**
   * Long enough for a device that starts on a busy machine; where nothing but this ends the update,
   * no longer than it takes one that is alive.
   */
  private String patience() {
    boolean losesImage = fault.step().matches("(asked|receiving|half-written|written)#\\d+");
    return fault.point().isEmpty() && !losesImage ? "1m" : "4s";
  }

  private void startConnector(String wanted) throws IOException {
    lives++;
    Files.createDirectory(life());
    List<String> words = new ArrayList<>(bench.java.options());
    words.addAll(FaultPoints.options(life(), place.name(), wanted));
    words.addAll(List.of(BreakableDaemon.class.getName(), config().toString()));
    daemon = Optional.of(Daemon.java(words, Map.of()));
  }

  private Path life() {
    return directory.resolve("life" + lives);
  }

  private List<String> points() throws IOException {
    Path file = FaultPoints.record(life());
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void startDevice(String last) throws IOException {
    List<String> own = family.device(place);
    if (!own.isEmpty()) {
      List<String> words = new ArrayList<>(bench.java.options());
      words.add("-Xmx32m");
      words.addAll(own);
      words.addAll(List.of("--directory", place.device().toString()));
      words.addAll(List.of("--version", family.oldVersion()));
      words.addAll(last.isEmpty() ? List.of() : List.of("--die-at", last));
      device = Optional.of(Daemon.java(words, Map.of()));
    }
  }

  /** Starts again whoever was killed, or kills a connector that stands still. */
  private void recover() throws IOException, InterruptedException {
    if (device.isPresent() && !device.get().isAlive()) {
      endDevice();
      startDevice("");
    }
    if (!fault.point().isEmpty() && lives == 1 && Files.exists(FaultPoints.marker(life()))) {
      endConnector();
      startConnector("");
    }
  }

  private void endConnector() throws IOException, InterruptedException {
    if (daemon.isPresent()) {
      kills += daemon.get().isAlive() && lives == 1 ? 1 : 0;
      daemon.get().kill();
      account.append("--- life ").append(lives).append("\n").append(daemon.get().log());
      daemon.get().close();
      daemon = Optional.empty();
    }
  }

  private void endDevice() throws IOException, InterruptedException {
    if (device.isPresent()) {
      device.get().kill();
      String log = device.get().log();
      log.lines().forEach(steps::add);
      account.append("--- device\n").append(log);
      device.get().close();
      device = Optional.empty();
    }
  }

  private boolean isReached() {
    boolean isKilled = fault.point().isEmpty() || lives > 1;
    return isKilled && (fault.step().isEmpty() || steps.contains(fault.step()));
  }

  private List<String> ends() {
    return cloud.texts(Gateway.responseTopic(place.name())).stream()
        .filter(text -> !text.contains("\"executing\""))
        .toList();
  }

  private boolean isSettled() {
    return !ends().isEmpty() && isReported();
  }

  private boolean isReported() {
    try {
      Path operations = storage().resolve("operations");
      return new Journal(operations, new LocalDisk(), InstantSource.system())
          .read(ended -> {}).entries().stream()
              .allMatch(entry -> entry.stage().isEnd() && entry.reported());
    } catch (IOException e) {
      // Not there yet, or a file went while it was read.
      return false;
    }
  }

  private List<String> broken() throws IOException, InterruptedException {
    List<String> broken = new ArrayList<>();
    int flashes = truth.flashes();
    int told = ends().size();
    send();
    if (!within(() -> ends().size() > told && promises().all().isEmpty())) {
      broken.addAll(promises().all());
    }
    endConnector();
    endDevice();
    if (truth.flashes() != flashes) {
      broken.add("a request sent again was carried out again");
    }
    if (flashes > (family.isRepeatable() ? 1 + kills + deaths() : 1)) {
      broken.add("flashed " + flashes + " times");
    }
    ends().stream()
        .findFirst()
        .ifPresent(end -> truth.lie(end, deaths() > 0).ifPresent(broken::add));
    return broken;
  }

  private int deaths() {
    return fault.step().isEmpty() ? 0 : 1;
  }

  /** Said, journal, files and processes, as in the matrix of the connector alone. */
  private Broken promises() {
    String digest = DigestUtils.sha256Hex(family.newImage());
    Promises.Requested one =
        new Promises.Requested(
            place.name(), id(), family.newVersion(), digest, Optional.empty(), 1, false);
    return Promises.check(storage(), List.of(one), cloud.messages());
  }

  private void count(List<String> broken) throws IOException {
    bench.tally.add(Tally.Count.RUNS, lives);
    bench.tally.add(Tally.Count.OPERATIONS, 1);
    bench.tally.add(Tally.Count.FLASHES, truth.flashes());
    Broken promises = promises();
    promises.count(bench.tally);
    bench.tally.add(Tally.Count.CONTRADICTIONS, Math.max(0, broken.size() - promises.all().size()));
  }

  private String account() {
    return account
        + "--- said\n"
        + String.join("\n", cloud.texts(Gateway.responseTopic(place.name())));
  }

  private static boolean within(Callable<Boolean> condition) {
    try {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .pollInSameThread()
          .atMost(LIMIT)
          .until(condition);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (daemon.isPresent()) {
      daemon.get().close();
    }
    if (device.isPresent()) {
      device.get().close();
    }
    cloud.close();
  }
}
