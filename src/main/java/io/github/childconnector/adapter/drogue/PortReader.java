package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Reads the keys of {@code transport = "serial"} and {@code transport = "tcp"}. */
final class PortReader {
  private static final Set<Integer> BAUDS =
      Set.of(
          1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000,
          921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000);
  private static final Duration WIRE = Duration.ofMillis(200);

  /** Longer than it takes TCP to send again what was lost. */
  private static final Duration NETWORK = Duration.ofSeconds(2);

  private final AdapterSettings settings;
  private final MonotonicClock clock;

  PortReader(AdapterSettings settings, MonotonicClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** A port of this machine. */
  FrameTransport.Way serial() {
    return way(new SerialPort(device(), baud(), clock), WIRE);
  }

  /** Somewhere on the network. */
  FrameTransport.Way tcp() {
    Optional<TcpPort> port = settings.string("address").flatMap(TcpPort::parse);
    if (port.isEmpty()) {
      settings.problem(
          "address",
          "must be where the device, or a serial server such as ser2net, listens: for example"
              + " \"192.168.1.30:5000\"");
    }
    return way(port.orElse(new TcpPort("localhost", 1)), NETWORK);
  }

  private FrameTransport.Way way(Port port, Duration byDefault) {
    Duration silence = settings.duration("frame_gap", byDefault);
    if (silence.compareTo(Duration.ofMillis(10)) < 0
        || silence.compareTo(Duration.ofSeconds(10)) > 0) {
      settings.problem("frame_gap", "must be from \"10ms\" to \"10s\"");
    }
    Backoff pauses = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random());
    return new FrameTransport.Way(port, silence, pauses);
  }

  private Path device() {
    Optional<Path> device = path(settings.string("device").orElse(""));
    if (device.isEmpty()) {
      settings.problem(
          "device",
          "must be the device file of a serial port: for example \"/dev/serial/by-id/usb-...\"");
    }
    return device.orElse(Path.of("/"));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private int baud() {
    int baud = settings.number("baud", 115200, 1200, 4_000_000);
    if (!BAUDS.contains(baud)) {
      settings.problem("baud", "must be a speed that serial ports have, for example 115200");
    }
    return baud;
  }
}
