package io.github.childconnector.systemd;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The way to systemd by its own program: Java 17 has no datagram sockets of the unix kind, and a
 * native library for them would cost several times the memory.
 */
final class NotifyProgram implements ServiceNotifier.Channel {
  /** The places of the program, in the order they are tried. */
  static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/systemd-notify"), Path.of("/bin/systemd-notify"));

  /**
   * The time that one message may take. What is lost is not said again, so a gateway that stalls at
   * its start has some.
   */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

  private final List<Path> places;
  private final String socket;

  private NotifyProgram(List<Path> places, String socket) {
    this.places = places;
    this.socket = socket;
  }

  /** Empty where systemd has named no socket, since the program would only fail. */
  static Optional<ServiceNotifier.Channel> of(Map<String, String> environment, List<Path> places) {
    return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
        .filter(socket -> !socket.isEmpty())
        .map(socket -> new NotifyProgram(places, socket));
  }

  @Override
  public void send(List<String> assignments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program().toString()));
    command.addAll(assignments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(NOTHING);
    builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    builder.environment().put("NOTIFY_SOCKET", socket);
    Process process = builder.start();
    try {
      awaitSuccess(process, command);
    } finally {
      process.destroyForcibly();
    }
  }

  private Path program() throws IOException {
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("there is no program " + places.get(0)));
  }

  private static void awaitSuccess(Process process, List<String> command)
      throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException(
          command.get(0) + " did not end within " + LIMIT.toSeconds() + " seconds");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command.get(0) + " ended with exit code " + process.exitValue());
    }
  }
}
