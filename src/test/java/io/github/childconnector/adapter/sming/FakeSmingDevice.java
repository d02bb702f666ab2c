package io.github.childconnector.adapter.sming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.mqtt.MqttPackets;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * A device with Sming's StandardPayloadParser, as every release since 2021 has it: MQTT 3.1.1,
 * clean session 0, a QoS 0 subscription; the groups of the patch number are added, an equal one is
 * taken, whatever follows is flashed and started, on whatever topic it came, and nothing is said.
 * What it runs is in a directory, so that it may be switched off and on.
 *
 * <p>An image says in its bytes which version it is; one that does not say so cannot be started,
 * and the boot loader goes on with the old one.
 */
@NullMarked
public final class FakeSmingDevice implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware (\\d+\\.\\d+)\\.(\\d+);");
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int SUBACK = 9;

  private final Path directory;
  private final int port;
  private final AtomicInteger starts = new AtomicInteger();
  private Optional<String> versionTopic = Optional.empty();
  private volatile long slot = 992 << 10;
  private volatile boolean on;
  private volatile Socket socket = new Socket();
  private Optional<Thread> thread = Optional.empty();

  private FakeSmingDevice(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** A device that is off, runs this version, and knows the broker at this port of 127.0.0.1. */
  public static FakeSmingDevice in(Path directory, String version, int port) throws IOException {
    FakeSmingDevice device = new FakeSmingDevice(Files.createDirectories(directory), port);
    device.write("image", image(version));
    device.write("flashes", new byte[0]);
    return device;
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
    int before = starts.get();
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
      thread.get().join(Duration.ofSeconds(10).toMillis());
    }
  }

  /** Returns once it has waited for firmware so often. */
  public void awaitStarts(int count) {
    await("starts of the device")
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(20))
        .until(() -> starts.get() >= count);
  }

  /** Returns once it runs this version, and waits for firmware. */
  public void awaitVersion(String version) {
    await("version " + version)
        .atMost(Duration.ofSeconds(20))
        .until(() -> version().equals(version));
  }

  /** What it runs. */
  public String version() throws IOException {
    return version(image()).orElseThrow();
  }

  /** The image it runs. */
  public byte[] image() throws IOException {
    return Files.readAllBytes(directory.resolve("image"));
  }

  /** The patch number of each image it has flashed, as it was sent, in their order. */
  public List<String> flashes() throws IOException {
    return Files.readAllLines(directory.resolve("flashes"));
  }

  private static Optional<String> version(byte[] image) {
    Matcher version = VERSION.matcher(new String(image, UTF_8));
    return version.find()
        ? Optional.of(version.group(1) + "." + version.group(2))
        : Optional.empty();
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
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket = connection;
      DataInputStream in = new DataInputStream(connection.getInputStream());
      byte[] noFlags = {4, 0, 0, 60};
      send(0x10, string("MQTT"), noFlags, string("sming1"));
      boolean running = true;
      while (running) {
        int head = in.readUnsignedByte();
        running = !isRestart(head, in.readNBytes(MqttPackets.length(in)));
      }
    }
  }

  private boolean isRestart(int head, byte[] body) throws IOException {
    if (head >> 4 == CONNACK) {
      byte[] once = {0, 1};
      byte[] qos = {0};
      String version = version();
      String line = version.substring(0, version.lastIndexOf('.'));
      send(0x82, once, string("a/test/u/" + line), qos);
    } else if (head >> 4 == SUBACK) {
      sayVersion();
      starts.incrementAndGet();
    }
    return head >> 4 == PUBLISH && parse(body);
  }

  private void sayVersion() throws IOException {
    if (versionTopic.isPresent()) {
      send(
          0x31, string(versionTopic.get()), "{\"fw\":\"%s\"}".formatted(version()).getBytes(UTF_8));
    }
  }

  /** Returns whether it restarts. */
  private boolean parse(byte[] body) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(body);
    in.position(2 + in.getShort(0));
    int start = in.position();
    if (!in.hasRemaining()) {
      return false;
    }
    int patch = patch(in);
    int current = Integer.parseInt(version().substring(version().lastIndexOf('.') + 1));
    int storage = body.length - (in.position() - start);
    if (patch < current || storage > slot) {
      return false;
    }
    flash(patch, body, in.position());
    return true;
  }

  /** Adds the groups of a varint, instead of shifting them. */
  private static int patch(ByteBuffer in) {
    int sum = 0;
    int group;
    do {
      group = in.get();
      sum += group & 0x7f;
    } while ((group & 0x80) != 0 && in.hasRemaining());
    return sum;
  }

  private void flash(int patch, byte[] body, int from) throws IOException {
    byte[] image = new byte[body.length - from];
    System.arraycopy(body, from, image, 0, image.length);
    if (version(image).isPresent()) {
      write("image", image);
    }
    Files.writeString(directory.resolve("flashes"), patch + "\n", StandardOpenOption.APPEND);
  }

  private void write(String name, byte[] bytes) {
    try {
      Path next = Files.write(directory.resolve(name + ".new"), bytes);
      Files.move(
          next,
          directory.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(int head, byte[]... parts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(head);
    packet.write(body.size());
    packet.writeBytes(body.toByteArray());
    OutputStream out = socket.getOutputStream();
    out.write(packet.toByteArray());
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  @Override
  public void close() throws IOException {
    on = false;
    socket.close();
  }
}
