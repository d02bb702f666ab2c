package io.github.childconnector.world;

import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Firmware;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.adapter.drogue.device.Ways;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.NullMarked;

/** Devices that speak Drogue DFU, at a gateway of their own, with images for them. */
@NullMarked
public final class DrogueBench implements AutoCloseable {
  public static final byte[] OLD = Firmware.image("1.0", 1000);
  public static final byte[] GOOD = Firmware.image("2.0", 1800);
  public static final byte[] CRASHING =
      Firmware.image(new Firmware("2.0", Firmware.Conduct.CRASHES), 1800);
  static final byte[] LYING = Firmware.image("9.9", 1800);
  public static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  private final Path directory;
  private final List<FakeDrogueDevice> devices = new ArrayList<>();
  public final Gateway gateway;

  public DrogueBench(Path directory) throws IOException {
    this.directory = directory;
    this.gateway = new Gateway(directory).set("updates", "parallel_installs", "200");
  }

  /** Small, so that there are few steps, and quick; they wait for answers as long as real ones. */
  public static Traits traits() {
    return new Traits().pages(4).timeout(Duration.ofSeconds(15)).poll(Duration.ofMillis(100));
  }

  /** Where the flash of a child's device is. */
  public Path flash(String id) {
    return directory.resolve("device-" + id);
  }

  /** A device that is off. */
  public FakeDrogueDevice device(String id, Traits traits) throws IOException {
    FakeDrogueDevice device = FakeDrogueDevice.in(flash(id), traits).with(OLD);
    devices.add(device);
    return device;
  }

  /** Adds a child with these keys. */
  public void child(String id, String... keys) {
    gateway.children(
        """
        [[child]]
        id = "%s"
        adapter = "drogue"
        confirm_timeout = "5s"
        [child.drogue]
        directory = "%s"
        %s
        """
            .formatted(id, directory.resolve("deliveries"), String.join("\n", keys)));
  }

  /** Adds one whose device is behind the broker. */
  public void child(String id) {
    child(id, "port = " + gateway.broker.port());
  }

  public Ways ways(String id) {
    return Ways.mqtt(gateway.broker.port(), id);
  }

  /** Returns when devices at the broker are heard, if there are any. */
  public Daemon start() throws IOException {
    Path config = gateway.config();
    String children = Files.readString(config).replaceFirst("(?s).*?\\[\\[child]]", "");
    Daemon daemon = Daemon.start(config).awaitLog("Serving ");
    return children.contains("\nport = ") ? daemon.awaitLog("Devices are heard at") : daemon;
  }

  /** Asks for version 2.0, whatever the image says of itself. */
  public void send(String child, byte[] image) throws IOException {
    send(child, "op", "2.0", image);
  }

  public void send(String child, String operation, String version, byte[] image)
      throws IOException {
    String url = gateway.files.offer("c/firmware_update/" + DigestUtils.md5Hex(image), image);
    gateway
        .cloud()
        .publish(
            Gateway.requestTopic(child),
            Gateway.request(operation, version, DigestUtils.sha256Hex(image), url));
  }

  /** The last that is said of it. */
  public String end(String child) throws IOException {
    List<String> said = gateway.awaitEnd(child, "op");
    return said.get(said.size() - 1);
  }

  @Override
  public void close() throws IOException {
    devices.forEach(FakeDrogueDevice::close);
    gateway.close();
  }

  /** A port that nobody listens at. */
  public static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** A directory of this name. */
  public Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }
}
