package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.AdapterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads the keys of {@code transport = "serial"} and {@code transport = "tcp"}. */
final class LineReader {
  private static final Set<Integer> BAUDS =
      Set.of(
          1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000,
          921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000);

  /** Longer than TCP takes to send again what was lost, and much longer than any serial adapter. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  private static final TcpPort NOBODY = new TcpPort("localhost", 1);

  private final AdapterSettings settings;
  private final Optional<String> address;
  private final int baud;
  private final Duration silence;

  LineReader(AdapterSettings settings) {
    this.settings = settings;
    address = settings.string("address");
    baud = baud();
    silence = silence();
  }

  private int baud() {
    int read = settings.number("baud", 115200, 1200, 4_000_000);
    if (!BAUDS.contains(read)) {
      settings.problem("baud", "must be a speed that serial ports have, for example 115200");
    }
    return read;
  }

  private Duration silence() {
    Duration read = settings.duration("frame_gap", SILENCE);
    if (read.toMillis() < 10 || read.toSeconds() > 10) {
      settings.problem("frame_gap", "must be from \"10ms\" to \"10s\"");
    }
    return read;
  }

  /** A port of this machine. */
  TransportSettings.Line serial() {
    Optional<Path> device = settings.path("device");
    if (device.isEmpty()) {
      settings.problem(
          "device", "is missing; name the serial port, for example \"/dev/serial/by-id/usb-...\"");
    }
    return new TransportSettings.Line(new SerialPort(device.orElse(Path.of("/")), baud), silence);
  }

  /** Somewhere on the network. */
  TransportSettings.Line tcp() {
    Optional<TcpPort> port = address.flatMap(TcpPort::parse);
    if (port.isEmpty()) {
      settings.problem(
          "address",
          "must be where the device, or a serial server such as ser2net, listens: for example"
              + " \"192.168.1.30:5000\"");
    }
    return new TransportSettings.Line(port.orElse(NOBODY), silence);
  }
}
