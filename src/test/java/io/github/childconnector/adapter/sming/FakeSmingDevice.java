package io.github.childconnector.adapter.sming;

import static io.github.childconnector.mqtt.MqttPackets.packet;
import static io.github.childconnector.mqtt.MqttPackets.string;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.device.DeviceFlash;
import io.github.childconnector.device.DeviceOptions;
import io.github.childconnector.device.Steps;
import io.github.childconnector.mqtt.MqttPackets;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * A device with Sming's StandardPayloadParser, as every release since 2021 has it: MQTT 3.1.1,
 * clean session 0, a QoS 0 subscription; the groups of the patch number are added, an equal one is
 * taken, whatever follows is flashed and started, on whatever topic it came, and nothing is said.
 * What it runs is in its flash, so that it may be switched off and on, or killed.
 *
 * <p>An image says in its bytes which version it is; one that does not say so cannot be started,
 * and the boot loader goes on with the old one.
 */
@NullMarked
public final class FakeSmingDevice implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware (\\d+\\.\\d+\\.\\d+);");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PING_MILLIS = 20_000;
  private static final int CHUNK = 16 * 1024;
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int SUBACK = 9;
  private static final String HELP =
      """
      A simulated device with Sming's library OtaUpgradeMqtt.
        --directory DIR        its flash; what it runs is the file there that "boot" names
        --port PORT            its broker, at 127.0.0.1
        --client-id ID         its client id (default: sming1)
        --app NAME             APP_ID of its firmware (default: test)
        --version-topic TOPIC  where it publishes {"fw":"4.3.5"}, retained, at each start
        --version VERSION      what it runs if the directory is new (default: 4.3.5)
        --die-at STEP          gets SIGKILL at start, connected, subscribed, told, receiving,
                               half-written, written or switched; start#2 is the second time
        --image FILE           writes an image of --version there, and does nothing else
      """;

  /** Where it may be ended. */
  enum Step {
    START,
    CONNECTED,
    SUBSCRIBED,
    TOLD,
    RECEIVING,
    HALF_WRITTEN,
    WRITTEN,
    SWITCHED
  }

  private final DeviceFlash flash;
  private final int port;
  private String clientId = "sming1";
  private String app = "test";
  private Steps steps = Steps.silent();
  private Optional<String> versionTopic = Optional.empty();
  private volatile long slot = 992 << 10;
  private volatile boolean on;
  private volatile Socket socket = new Socket();
  private Optional<Thread> thread = Optional.empty();
  private int starts;

  private FakeSmingDevice(Path directory, int port) throws IOException {
    this.flash = new DeviceFlash(directory, VERSION);
    this.port = port;
  }

  /** A device that is off, runs this version, and knows the broker at this port of 127.0.0.1. */
  public static FakeSmingDevice in(Path directory, String version, int port) throws IOException {
    FakeSmingDevice device = new FakeSmingDevice(directory, port);
    device.flash.assemble(image(version));
    return device;
  }

  /** A device of its own, which connects again when it lost its broker. */
  public static void main(String... arguments) throws IOException {
    DeviceOptions options = DeviceOptions.read(HELP, arguments);
    byte[] image = image(options.get("--version", "4.3.5"));
    if (options.get("--image").isPresent()) {
      Files.write(Path.of(options.require("--image")), image);
      return;
    }
    FakeSmingDevice device =
        new FakeSmingDevice(options.directory(), options.number("--port", 1883));
    if (!device.flash.isAssembled()) {
      device.flash.assemble(image);
    }
    device.clientId = options.get("--client-id", device.clientId);
    device.app = options.get("--app", device.app);
    device.steps = options.steps();
    device.versionTopic = options.get("--version-topic");
    device.on = true;
    while (device.on) {
      device.run();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  /** An image that can be started. */
  public static byte[] image(String version) {
    return image("firmware " + version + ";", 2000);
  }

  /** An image whose start fails. */
  public static byte[] brokenImage() {
    return image("nothing;", 2000);
  }

  private static byte[] image(String text, int times) {
    byte[] image = (" " + text.repeat(times)).getBytes(UTF_8);
    image[0] = (byte) 0xE9;
    return image;
  }

  /** Publishes its version there at each start, retained: {@code {"fw":"4.3.5"}}. */
  public FakeSmingDevice saying(String topic) {
    versionTopic = Optional.of(topic);
    return this;
  }

  /** Has a slot of so many bytes. */
  public FakeSmingDevice slot(long bytes) {
    slot = bytes;
    return this;
  }

  /** Starts, and returns once it waits for firmware. */
  public FakeSmingDevice powerOn() {
    int before = starts();
    on = true;
    Thread life = new Thread(this::run, "sming-device");
    life.setDaemon(true);
    thread = Optional.of(life);
    life.start();
    awaitStarts(before + 1);
    return this;
  }

  /** Ends without a word. */
  public void powerOff() throws IOException, InterruptedException {
    on = false;
    socket.close();
    if (thread.isPresent()) {
      thread.get().join(Duration.ofSeconds(60).toMillis());
    }
  }

  private synchronized int starts() {
    return starts;
  }

  private synchronized void started() {
    starts++;
    notifyAll();
  }

  /** Returns once it has waited for firmware so often. */
  public void awaitStarts(int count) {
    await(() -> starts >= count);
  }

  /** Returns once it runs this version, and waits for firmware. */
  public void awaitVersion(String version) {
    await(() -> version().equals(version));
  }

  /** Looks whenever it has started. */
  private synchronized void await(Callable<Boolean> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.call()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("the device has started " + starts + " times only");
        }
        wait(left);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it runs. */
  public String version() throws IOException {
    return flash.version(flash.running()).orElseThrow();
  }

  /** The image it runs. */
  public byte[] image() throws IOException {
    return Files.readAllBytes(flash.running());
  }

  /** The patch number of each image it has flashed, as it was sent, in their order. */
  public List<String> flashes() throws IOException {
    return flash.notes("flashes");
  }

  private void run() {
    try {
      while (on) {
        live();
      }
    } catch (IOException e) {
      // Switched off, or the broker is gone: the sample does not connect again by itself.
    }
  }

  /** From a start to the next. */
  private void live() throws IOException {
    steps.reach(Step.START);
    if (flash.version(flash.running()).isEmpty()) {
      // As rBoot does, where it finds that an image cannot be started.
      flash.switchOver();
    }
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket = connection;
      connection.setSoTimeout(PING_MILLIS);
      DataInputStream in = new DataInputStream(connection.getInputStream());
      byte[] noFlags = {4, 0, 0, 60};
      send(packet(0x10, string("MQTT"), noFlags, string(clientId)));
      boolean running = true;
      while (running) {
        running = !isRestart(head(in), MqttPackets.length(in), in);
      }
    }
  }

  /** The first byte of the next packet; after each 20 seconds of silence it sends a ping. */
  private int head(DataInputStream in) throws IOException {
    while (true) {
      try {
        return in.readUnsignedByte();
      } catch (SocketTimeoutException e) {
        send(packet(0xC0));
      }
    }
  }

  private boolean isRestart(int head, int length, DataInputStream in) throws IOException {
    if (head >> 4 == PUBLISH) {
      return parse(length, in);
    }
    in.readNBytes(length);
    if (head >> 4 == CONNACK) {
      steps.reach(Step.CONNECTED);
      byte[] once = {0, 1};
      byte[] qos = {0};
      String version = version();
      String line = version.substring(0, version.lastIndexOf('.'));
      String topic = "a/" + app + "/u/" + line;
      send(packet(0x82, once, string(topic), qos));
    } else if (head >> 4 == SUBACK) {
      steps.reach(Step.SUBSCRIBED);
      sayVersion();
      started();
    }
    return false;
  }

  private void sayVersion() throws IOException {
    if (versionTopic.isPresent()) {
      byte[] state = "{\"fw\":\"%s\"}".formatted(version()).getBytes(UTF_8);
      send(packet(0x31, string(versionTopic.get()), state));
      steps.reach(Step.TOLD);
    }
  }

  /** Returns whether it restarts. */
  private boolean parse(int length, DataInputStream in) throws IOException {
    steps.reach(Step.RECEIVING);
    int topic = in.readUnsignedShort();
    in.readNBytes(topic);
    int left = length - 2 - topic;
    if (left == 0) {
      return false;
    }
    int start = left;
    int patch = 0;
    int group;
    do {
      // Added, instead of shifted.
      group = in.readUnsignedByte();
      patch += group & 0x7f;
      left--;
    } while ((group & 0x80) != 0 && left > 0);
    boolean isTaken = patch >= currentPatch() && length - (start - left) <= slot;
    try (OutputStream to = isTaken ? flash.openSpare() : OutputStream.nullOutputStream()) {
      receive(in, left, to);
    }
    if (isTaken) {
      restartWith(patch);
    }
    return isTaken;
  }

  private int currentPatch() throws IOException {
    return Integer.parseInt(version().substring(version().lastIndexOf('.') + 1));
  }

  private void restartWith(int patch) throws IOException {
    flash.note("flashes", Integer.toString(patch));
    steps.reach(Step.WRITTEN);
    flash.switchOver();
    steps.reach(Step.SWITCHED);
  }

  private void receive(DataInputStream in, int length, OutputStream slot) throws IOException {
    for (int done = 0; done < length; done += CHUNK) {
      byte[] chunk = new byte[Math.min(CHUNK, length - done)];
      in.readFully(chunk);
      slot.write(chunk);
      if (done < length / 2 && done + CHUNK >= length / 2) {
        steps.reach(Step.HALF_WRITTEN);
      }
    }
  }

  private void send(byte[] packet) throws IOException {
    socket.getOutputStream().write(packet);
  }

  @Override
  public void close() throws IOException {
    on = false;
    socket.close();
  }
}
