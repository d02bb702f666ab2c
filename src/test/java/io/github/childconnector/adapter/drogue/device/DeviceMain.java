package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A device as a process of its own, which can be killed at any time and started again:
 *
 * <pre>
 * java -cp target/test-classes …DeviceMain DIRECTORY [OPTION…] mqtt PORT NAME
 *                                                              http URL USER PASSWORD
 *                                                              tcp PORT
 *                                                              tty DEVICE
 * java -cp target/test-classes …DeviceMain image FILE VERSION [SIZE [CONDUCT]]
 *
 * --backoff=MILLIS  --timeout=MILLIS  --mtu=BYTES  --pages=COUNT  --flaw=NAME  --at=STEP
 * </pre>
 *
 * <p>A directory without a flash becomes a device that runs 1.0. It says each of its steps, and at
 * STEP, for example {@code write#3}, it stands still until it is killed.
 */
public final class DeviceMain {
  private static final String OPTION = "--";
  private static final int SIZE = 3000;

  private final Traits traits = new Traits().backoff(Duration.ofMillis(100)).pages(64);
  private String at = "";

  private DeviceMain() {}

  /** See above. */
  public static void main(String[] words) throws IOException, InterruptedException {
    if (words[0].equals("image")) {
      writeImage(words);
    } else {
      new DeviceMain().run(words);
    }
  }

  private static void writeImage(String[] words) throws IOException {
    int size = words.length > 3 ? Integer.parseInt(words[3]) : SIZE;
    Firmware.Conduct conduct =
        words.length > 4 ? Firmware.Conduct.valueOf(words[4]) : Firmware.Conduct.RUNS;
    Files.write(Path.of(words[1]), Firmware.image(new Firmware(words[2], conduct), size));
  }

  private void run(String[] words) throws IOException, InterruptedException {
    Arrays.stream(words).filter(word -> word.startsWith(OPTION)).forEach(this::set);
    String[] rest =
        Arrays.stream(words).filter(word -> !word.startsWith(OPTION)).toArray(String[]::new);
    Path directory = Path.of(rest[0]);
    boolean isNew = !Files.exists(directory.resolve("ACTIVE"));
    FakeDrogueDevice device = FakeDrogueDevice.in(directory, traits).steps(this::say);
    if (isNew) {
      device.with(Firmware.image("1.0", SIZE));
    }
    device.liveHere(ways(rest));
  }

  private void set(String option) {
    String[] parts = option.substring(OPTION.length()).split("=", 2);
    switch (parts[0]) {
      case "backoff" -> traits.backoff(Duration.ofMillis(Integer.parseInt(parts[1])));
      case "timeout" -> traits.timeout(Duration.ofMillis(Integer.parseInt(parts[1])));
      case "mtu" -> traits.mtu(Integer.valueOf(parts[1]));
      case "pages" -> traits.pages(Integer.parseInt(parts[1]));
      case "flaw" -> traits.with(Traits.Flaw.valueOf(parts[1]));
      case "at" -> at = parts[1];
      default -> throw new IllegalArgumentException("there is no option " + option);
    }
  }

  private static Ways ways(String[] words) throws IOException {
    return switch (words[1]) {
      case "mqtt" -> Ways.mqtt(Integer.parseInt(words[2]), words[3]);
      case "http" -> Ways.http(URI.create(words[2]), words[3], words[4]);
      case "tcp" -> Ways.tcp(listening(Integer.parseInt(words[2])));
      case "tty" -> Ways.tty(Path.of(words[2]), FrameWay.LENGTH);
      default -> throw new IllegalArgumentException("there is no way " + words[1]);
    };
  }

  private static ServerSocket listening(int port) throws IOException {
    ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(1000);
    return socket;
  }

  private void say(String step) {
    System.out.println("step " + step);
    if (step.equals(at)) {
      standStill();
    }
  }

  private static void standStill() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new Steps.PowerCut("the end");
    }
  }
}
