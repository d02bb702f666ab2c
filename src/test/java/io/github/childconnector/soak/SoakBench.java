package io.github.childconnector.soak;

import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.mqtt.CuttableProxy;
import io.github.childconnector.mqtt.RecordingClient.Message;
import io.github.childconnector.soak.SoakPlan.Fault;
import io.github.childconnector.soak.SoakPlan.Flaw;
import io.github.childconnector.soak.SoakPlan.Kind;
import io.github.childconnector.soak.SoakPlan.Request;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.FakeFileServer;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.NullMarked;

/** Carries out a plan: a gateway with many devices, whose connector is a process. */
@NullMarked
final class SoakBench implements AutoCloseable {
  private static final String SERVING = "Serving ";

  private final SystemClock clock = new SystemClock();
  private final Path directory;
  private final Path switches;
  private final Gateway gateway;
  private final CuttableProxy network;
  private final SoakCloud cloud;
  private final Map<String, FakeDevice> devices = new LinkedHashMap<>();
  private final Map<Kind, Integer> caused = new ConcurrentHashMap<>();
  private final List<String> logs = new ArrayList<>();
  private final long start = System.nanoTime();
  private Daemon daemon;

  SoakBench(Path directory, SoakPlan plan) throws IOException {
    this.directory = directory;
    this.switches = Files.createDirectory(directory.resolve("switches"));
    // What it has acknowledged it must not drop, however slow a machine makes the connector.
    this.gateway = new Gateway(directory, "max_queued_messages 0");
    this.network = CuttableProxy.to(gateway.broker.port());
    this.cloud = new SoakCloud(gateway.broker);
    configure();
    plan.children().forEach(this::add);
    plan.requests().forEach(this::prepare);
    this.daemon = launch();
    daemon.awaitLog(SERVING);
  }

  private void configure() {
    gateway
        .set("mqtt", "port", Integer.toString(network.port()))
        .set("thin_edge", "heartbeat", "\"5s\"")
        .set("updates", "parallel_installs", "16")
        .set("updates", "parallel_downloads", "4")
        .set("updates", "busy_retry", "\"1s\"")
        .set("updates", "busy_timeout", "\"4s\"")
        .set("download", "attempts", "4")
        .set("download", "stall_timeout", "\"1s\"");
  }

  private void add(SoakPlan.Child child) {
    List<String> keys = new ArrayList<>();
    keys.add("install_timeout = \"5s\"\nconfirm_timeout = \"4s\"\nversion_timeout = \"10s\"");
    child.bus().ifPresent(bus -> keys.add("bus = \"" + bus + "\""));
    FakeDevice device = gateway.child(child.id(), keys.toArray(String[]::new));
    String bus = child.bus().map(SoakBench::useBus).orElse("");
    device.installsBy(bus + "if [ -e own-$OPERATION_ID ]; then . ./own-$OPERATION_ID; fi");
    device.with("repeatable", Boolean.toString(child.repeatable()));
    if (!child.readable()) {
      device.without("read_version");
    }
    if (!child.restorable()) {
      device.without("rollback");
    }
    devices.put(child.id(), device);
  }

  /** The kernel lets go of the bus when the last of the program's processes has ended. */
  private static String useBus(String bus) {
    return "exec 9>../%s; flock -n 9 || echo \"$OPERATION_ID on %s\" >>../crowded\n"
        .formatted(bus, bus);
  }

  /** The operations that found another at their bus. */
  List<String> crowded() throws IOException {
    Path file = directory.resolve("crowded");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void prepare(Request request) {
    try {
      Files.writeString(
          device(request).file("own-" + request.id()), request.behaviour().shell() + "\n");
      gateway.files.offer(request.version(), image(request));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeDevice device(Request request) {
    return Objects.requireNonNull(devices.get(request.child().id()));
  }

  private static byte[] image(Request request) {
    return Gateway.image(request.version());
  }

  static String digest(Request request) {
    return DigestUtils.sha256Hex(image(request));
  }

  private Daemon launch() throws IOException {
    return Daemon.java(
        List.of(
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"),
            SoakDaemon.class.getName(),
            gateway.config().toString(),
            switches.toString()),
        Map.of());
  }

  /** Sends a request, and returns when the broker has it. */
  void send(Request request) throws IOException {
    cloud.publish(Gateway.requestTopic(request.child().id()), text(request));
  }

  private String text(Request request) {
    String url =
        switch (request.flaw()) {
          case MISSING_FILE -> gateway.files.url("missing");
          case FOREIGN_HOST -> "http://192.0.2.1/" + request.version();
          default -> gateway.files.url(request.version());
        };
    String digest = request.flaw() == Flaw.WRONG_DIGEST ? "0".repeat(64) : digest(request);
    if (request.flaw() == Flaw.MISSING_FILE) {
      digest = "1".repeat(64);
    }
    String text = Gateway.request(request.id(), request.version(), digest, url);
    return request.flaw() == Flaw.INCOMPLETE ? text.replace("\"version\"", "\"version_\"") : text;
  }

  /** Breaks something, and repairs it when its time is over. */
  void cause(Fault fault) throws IOException, InterruptedException {
    caused.merge(fault.kind(), 1, Integer::sum);
    if (fault.kind().isOutage()) {
      awaitServing();
    }
    switch (fault.kind()) {
      case CONNECTOR_KILLED -> restart(fault.lasts());
      case CONNECTOR_KILLED_TWICE -> {
        restart(Duration.ZERO);
        clock.sleep(fault.lasts());
        restart(Duration.ZERO);
      }
      case CONNECTOR_STOPPED -> {
        daemon.stop();
        restart(fault.lasts());
      }
      case BROKER_KILLED -> cloud.without(true, () -> clock.sleep(fault.lasts()));
      case BROKER_STOPPED -> cloud.without(false, () -> clock.sleep(fault.lasts()));
      case NETWORK_CUT -> network.cut();
      case NETWORK_FROZEN -> {
        network.freeze();
        clock.sleep(fault.lasts());
        network.thaw();
      }
      case DOWNLOADS_STALL -> serve(FakeFileServer.Fault.STALL, fault.lasts());
      case DOWNLOADS_RESET -> serve(FakeFileServer.Fault.RESET, fault.lasts());
      case DOWNLOADS_CUT_SHORT -> serve(FakeFileServer.Fault.CUT_SHORT, fault.lasts());
      case DOWNLOADS_MISSING -> serve(FakeFileServer.Fault.MISSING, fault.lasts());
      case DISK_FULL -> {
        Files.createFile(switches.resolve("full"));
        clock.sleep(fault.lasts());
        Files.delete(switches.resolve("full"));
      }
      case CLOCK_JUMPS -> jump(fault.lasts());
    }
  }

  /**
   * Otherwise it would do nothing but start, on a slow machine; but even that is no reason to fail.
   */
  private void awaitServing() {
    try {
      daemon.awaitLog(SERVING);
    } catch (ConditionTimeoutException e) {
      logs.add("It did not serve in time, before " + caused);
    }
  }

  private void restart(Duration after) throws IOException, InterruptedException {
    daemon.kill();
    keepLog();
    clock.sleep(after);
    daemon = launch();
  }

  private void keepLog() throws IOException {
    logs.add(daemon.log());
    daemon.close();
  }

  private void serve(FakeFileServer.Fault fault, Duration lasts) throws InterruptedException {
    gateway.files.has(fault);
    clock.sleep(lasts);
    gateway.files.has(FakeFileServer.Fault.NONE);
  }

  /** Some hours forth or back, by a file that is always whole. */
  private void jump(Duration by) throws IOException {
    long hours = by.toMillis() % 97 - 48;
    Path next = Files.writeString(switches.resolve("next"), Long.toString(hours));
    Files.move(next, switches.resolve("hours"), StandardCopyOption.REPLACE_EXISTING);
  }

  SoakCloud cloud() {
    return cloud;
  }

  Path storage() {
    return gateway.storage();
  }

  int caused(Kind... kinds) {
    return Stream.of(kinds).mapToInt(kind -> caused.getOrDefault(kind, 0)).sum();
  }

  /** What all connectors have logged that has this text. */
  private List<String> logged(String text) {
    List<String> all = new ArrayList<>(logs);
    try {
      all.add(daemon.log());
    } catch (IOException e) {
      all.add("the last log cannot be read: " + e);
    }
    return all.stream().flatMap(String::lines).filter(line -> line.contains(text)).toList();
  }

  /** Leaves all that was logged for whoever wants to know more. */
  void keepLogs(Path file) throws IOException {
    Files.write(file, logged(""));
  }

  /** Something of the connector's process that is to stay as it is, such as {@code task}. */
  long inProcess(String what) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(daemon.pid()), what))) {
      return entries.count();
    }
  }

  /** The texts that ended an operation. */
  List<String> ends(Request request) {
    return said(request).stream()
        .map(Message::text)
        .filter(text -> !text.contains("\"executing\""))
        .toList();
  }

  private List<Message> said(Request request) {
    String mark = "\"" + request.id() + "\"";
    return cloud.messages().stream().filter(message -> message.text().contains(mark)).toList();
  }

  /** Whether every operation has ended, and the connector knows that this was told. */
  boolean isSettled(List<Request> operations) {
    Set<String> told =
        cloud.messages().stream()
            .map(Message::text)
            .filter(text -> !text.contains("\"executing\""))
            .map(text -> text.replaceFirst("\\{\"id\":\"([^\"]*)\".*", "$1"))
            .collect(Collectors.toSet());
    return operations.stream().allMatch(request -> told.contains(request.id())) && isQuiet();
  }

  private boolean isQuiet() {
    Path operations = storage().resolve("operations");
    try {
      return new Journal(operations, new LocalDisk(), InstantSource.system())
          .read(ended -> {}).entries().stream()
              .allMatch(entry -> entry.stage().isEnd() && entry.reported());
    } catch (IOException e) {
      return false; // a file has gone while all were read
    }
  }

  /** What was said and logged of an operation, and what its device has seen. */
  String history(Request request) {
    FakeDevice device = device(request);
    Stream<String> said =
        said(request).stream()
            .map(message -> Duration.ofNanos(message.arrived() - start) + " " + message.text());
    String runs =
        "the device runs %s and has installed for %s"
            .formatted(device.version(), device.installedOperations());
    return Stream.of(Stream.of(runs), said, logged(request.id()).stream())
        .flatMap(lines -> lines)
        .filter(line -> !line.contains("The adapter says: "))
        .collect(Collectors.joining("\n  ", "  ", ""));
  }

  /** The processes that the devices' programs have become. */
  List<Long> processes() {
    return devices.values().stream().flatMap(device -> device.processes().stream()).toList();
  }

  int flashes() {
    return devices.values().stream().mapToInt(FakeDevice::installs).sum();
  }

  @Override
  public void close() throws IOException {
    try (gateway;
        network;
        cloud;
        Daemon last = daemon) {
      last.terminate();
      clock.close();
    }
  }
}
