package io.github.childconnector.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.childconnector.systemd.ServiceNotifier.NotifyProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Listens on a socket as systemd does, by Python, because Java 17 has no datagrams for that. */
public final class NotifyListener implements AutoCloseable {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  /** Prints the lines of every datagram until one says that the service stops. */
  private static final String PROGRAM =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      s.settimeout(90)
      print("bound", flush=True)
      text = b""
      while b"STOPPING=1" not in text:
          text = s.recv(4096)
          sys.stdout.buffer.write(text.rstrip(b"\\n") + b"\\n")
          sys.stdout.buffer.flush()
      s.settimeout(1)
      try:
          s.recv(4096)
      except OSError:
          pass
      """;

  private final Path socket;
  private final Process process;
  private final BufferedReader heard;
  private final List<String> kept = new ArrayList<>();

  private NotifyListener(Path socket, Process process) {
    this.socket = socket;
    this.process = process;
    this.heard = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Listens in a directory; skips the test where the programs for it are missing. */
  public static NotifyListener in(Path directory) throws IOException {
    assumeThat(NotifyProgram.PLACES)
        .as("systemd-notify is installed")
        .anyMatch(Files::isExecutable);
    assumeThat(PYTHON).as("python3 is installed").isExecutable();
    Path socket = directory.resolve("notify");
    NotifyListener listener =
        new NotifyListener(
            socket,
            new ProcessBuilder(PYTHON.toString(), "-c", PROGRAM, socket.toString()).start());
    assertThat(listener.heard.readLine()).isEqualTo("bound");
    return listener;
  }

  /** What the service finds as NOTIFY_SOCKET. */
  public String socket() {
    return socket.toString();
  }

  /**
   * Returns when an assignment with this text has come: of several status lines that wait only the
   * last is sent.
   */
  public NotifyListener awaitLine(String text) throws IOException {
    while (kept.stream().noneMatch(line -> line.contains(text))) {
      kept.add(
          Optional.ofNullable(heard.readLine())
              .orElseThrow(() -> new AssertionError("no " + text + " among " + kept)));
    }
    return this;
  }

  /** All assignments up to the one that says that the service stops. */
  public List<String> untilStopped() {
    return Stream.concat(kept.stream(), heard.lines())
        .filter(line -> !line.equals("BARRIER=1"))
        .toList();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    heard.close();
  }
}
